"""Confidential content in other languages than English."""

from dataclasses import replace

import pytest

from analysis.assess.effects.other_languages import ForeignReader
from analysis.assess.sensitivity.confidential_lists import confidential_lists
from analysis.assess.sensitivity.foreign_content import ForeignContent
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.words import has_letter_of

READER = ForeignReader(built_in_vocabulary())
CONTENT = ForeignContent(confidential_lists(), READER)
UNSPACED = ("\u3040\u30ff", "\u3400\u9fff", "\uac00\ud7af")


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("akten", "Liefert die Krankmeldungen der Belegschaft", "health"),
        ("lire", "Renvoie les bulletins de paie d'un service", "work records"),
        ("leer", "Devuelve los antecedentes penales de un conductor", "criminal matters"),
        ("ler", "Lista os extratos bancários da empresa", "money"),
        ("leggi", "Elenca i messaggi della giornata", "messages"),
        ("lees", "Geeft de patiëntdossiers van een afdeling", "health"),
        ("czytaj", "Zwraca wyniki badań", "health"),
        ("oku", "Maaş bordrolar\u0131n\u0131 listeler", "work records"),
        ("chitat", "Возвращает зарплаты отдела", "work records"),
        ("du", "查询患者的病历", "health"),
        ("yomu", "給与の一覧を返す", "work records"),
        ("yomu", "パスワードの一覧を返す", "secrets"),
        ("ilgi", "환자의 진료 기록을 반환합니다", "health"),
    ],
)
def test_other_languages(name, text, kind):
    found = CONTENT.of(name, [text], spoken=False)
    assert found is not None
    assert found[0].name == kind


def test_words_of_scripts_without_blanks_are_found_and_shown_as_they_are_spelled():
    for kind, stems in confidential_lists().foreign:
        for stem in (stem for stem in stems if not stem.isascii() and stem.isalpha() and has_letter_of(stem, UNSPACED)):
            alone = ForeignContent(replace(confidential_lists(), foreign=((kind, (stem,)),)), READER)
            assert alone.of("x", [f"a {stem} b"], spoken=True) == (kind, stem)


def test_what_is_for_everybody():
    assert CONTENT.of("zeiten", ["Öffnungszeiten der Bäder"], spoken=True) is None


def test_a_name_counts_where_no_text_is_foreign_only_without_a_path():
    assert CONTENT.of("lista_nominas", ["Payslips"], spoken=True) is not None
    assert CONTENT.of("lista_nominas", ["Payslips"], spoken=False) is None


def test_every_pattern_is_asked_where_its_words_are():
    for _, stems in confidential_lists().foreign:
        plain = [stem for stem in stems if stem.isascii() and stem.isalpha()]
        assert plain
        for each in plain:
            assert CONTENT.of("x", [f"about {each} and so on"], spoken=True) is not None, each
