"""What deploy/bench/bench is made of.

measure: one run, its wall and CPU time, memory and exit codes; figures: medians, ranges, ratios; order: A B A B;
server: PostgreSQL and the inputs it makes; tools: Tidemark and the peer; scenarios: what is run; report: lines and tables.
"""
