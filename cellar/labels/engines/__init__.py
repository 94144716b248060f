"""What reads the words on a label."""
