"""What the verdicts about papers look at, as people read it."""

from fangxing.labels import labels

LABELS = labels(
    void=("作废的出门证", "pass made void"),
    gate=("大门", "gate"),
)
