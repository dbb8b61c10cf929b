from waqai.when.find import build, find_times
__all__=["build","find_times"]
