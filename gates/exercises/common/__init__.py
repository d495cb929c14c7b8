"""What several exercises share.

Floors inside, lowest first: mistake (what a misconception is, and those of several exercises), slips (wrong fillings of a
function's parts), plan (a function in parts, so that what its variants share is computed once), coding (what an exercise
declares), probing (random arguments that hide nothing); and above them, by subject: stepping, rows, squashing and lstm_update
(one step), slopes and way_back (the same step backward), losses and modules (what is read off a result).
"""
