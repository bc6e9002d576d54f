"""Settings that every test shares: hypothesis tries the same examples each time, without haste."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,  # the machine may be busy; speed is measured in bench/, not here
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("hunt", max_examples=3_000, deadline=None)
settings.load_profile("steady")
