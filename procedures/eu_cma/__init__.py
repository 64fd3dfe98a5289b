"""The conditional marketing authorisation of the European Union: one folder, two regulations."""
