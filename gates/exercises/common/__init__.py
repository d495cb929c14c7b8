"""What several exercises share.

What an exercise is made of: mistake (what a misconception is), slips (wrong fillings of a function's parts), plan (a function
in parts, so that what its variants share is computed once), seen (what else gives a mistake away), coding and choice (what
an exercise declares whose answer is a function, or a letter), probing (random arguments that hide nothing).

By subject: modules, losses and counting (what is read off a result); stepping (probes of a step), rows, adding, squashing,
step_parts, step_slips, updating, lstm_parts and lstm_slips (one step forward); slopes, back_parts, back_slips and
back_by_gate (the same step backward). The sentences of mistakes that lessons share stand in mistakes/, by subject, too.
"""
