"""What is told to people: the words of each event, the hours in which people are left in peace, the ways out."""
