"""What other offices send for the register: taken in, worked into a person by somebody, or refused with a reason."""
