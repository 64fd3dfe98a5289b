"""What comes in: e-submissions and their forms, and the public page that programmes are taken over from."""
