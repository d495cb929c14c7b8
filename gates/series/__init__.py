"""Time series: forecasts with intervals, evaluated from one origin to the next, beside the simple methods.

kind        a series with its periods, unit and source, and where it is cut
real        sunspots, carbon dioxide, and the American economy
switching   a generated series that no linear forecast can do anything with
scaling     what a network reads in place of the values: changes, with their scale taken out, learned from the past alone
windows     windows to train on and to test on that share no target
scores      MASE, pinball loss, coverage
steps       one forecast made from the one before
model       the network: quantiles for each of the next h values, at every step
learning    windows as a task for `gates.training`, and the trained forecaster
naive       the last value, or that of a season ago
linear      autoregressions of one series and of several
smoothing   exponential smoothing
walking     forecasts from origin to origin, as one table
iterating   the same network one step at a time, by sample paths
streaming   one value in, one forecast out
files       a trained forecaster in a file
typed       a series of one's own from a CSV file
"""
