"""Everything read about one deployment, as frozen models that can be saved and diagnosed anywhere."""
