"""What may be abuse, at the desk: cases that wait, what they rest on, and whether like cases end alike."""
