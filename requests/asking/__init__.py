"""What the office may ask and refuse, in registers of words, and until when an answer is awaited."""
