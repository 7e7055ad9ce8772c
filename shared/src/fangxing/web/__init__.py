"""The HTTP edge: commit before the answer, idempotency, problem+json, and nothing of any service's business."""
