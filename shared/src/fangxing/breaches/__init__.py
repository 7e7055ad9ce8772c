"""Breaches 违规: kept, decided and appealed against in one way, whatever the chapter (3-10, 4-5, 5-4.2.5).

A service says what kinds there are (`rules.BreachKind`) and makes its routes of them; where it sees one it calls
`opening.open_breach`.
"""
