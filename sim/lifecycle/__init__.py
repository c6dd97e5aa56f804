"""The life of a dispute: one small function a stage, pure and scalar, moved by either engine."""
