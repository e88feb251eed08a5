"""The command line; the only place that reads settings, clock and environment and wires the stages."""
