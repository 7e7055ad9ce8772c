"""Delivery notes 送货单 as this service knows them: what each customer got, of which lot, at which price."""
