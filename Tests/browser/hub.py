"""What an operator does at the hub in the morning, over TLS."""


def morning(app, world):
    """Who is silent, what failed, what is stuck, what is urgent."""
    app.go("/")
    app.sees("Halaman pagi", "Selasa, 4 Agustus 2026")
    assert "Rohmah binti Sarkim" in app.section("Mendesak")
    assert "susukan-a" in app.section("Desa yang diam")
    assert "lontar-a" not in app.section("Desa yang diam")
    assert "dua riwayat" in app.section("Gagal")
    assert "belum dikenal di sini" in app.section("Catatan tertahan")
    assert "Rohmah binti Sarkim" in app.section("Perlu dipilah")


def case(app, world):
    """A case from the morning page: triaged, its referral answered, assigned to its village."""
    app.go("/")
    app.press("Rohmah binti Sarkim", within="section[aria-labelledby=triage-title]")
    app.sees("Dalam bahaya sekarang")
    here = app.driver.current_url[len(app.base):]
    app.press("Pilah kasus")
    app.fill_all(
        ("triaged_at", "2026-08-04T07:10"), ("severity", "emergency"), ("family", "rights"),
        ("owner_unit", "BP3MI Banten"), ("sla_due_at", "2026-08-04T08:10"), ("possible_trafficking", "true"))
    app.submit("owner_unit")
    app.sees("Tersimpan")
    app.go(here)
    app.press("Jawab rujukan")
    app.fill_all(("answer", "accepted"), ("answered_at", "2026-08-04T07:15"))
    app.submit("answer")
    app.sees("Tersimpan")
    app.go("/")
    app.press("Rohmah binti Sarkim", within="section[aria-labelledby=assign-title]")
    app.press("Tugaskan ke desa")
    app.fill_all(
        ("to_village", "36.04.13.2007"), ("assigned_at", "2026-08-04T07:20"), ("task", "accompany"),
        ("due_on", "2026-08-04"), ("urgent", "true"), ("instruction", "Dampingi ke kantor BP3MI hari ini"))
    app.submit("instruction")
    app.sees("Tersimpan")
    app.go("/")
    assert "Rohmah binti Sarkim" not in app.section("Perlu dipilah")
    assert "Rohmah binti Sarkim" not in app.section("Perlu ditugaskan ke desa")


def mistake(app, world):
    """A triage without a level is not saved, and says what is missing."""
    app.go("/kasus")
    app.press("Rohmah binti Sarkim")
    app.press("Pilah kasus")
    app.submit("owner_unit")
    app.sees("Belum tersimpan")


JOURNEYS = [morning, mistake, case]
