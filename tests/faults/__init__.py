"""What breaks, breaks here: killed workers, brokers and networks that fail, registries that lie, crowds at one door."""
