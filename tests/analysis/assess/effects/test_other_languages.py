"""Texts and names in other languages: an act is found where its verb is known, and nothing is sure where it is not."""

import pytest

from analysis.assess import assess
from analysis.model import Effect, SourceId, Tool, ToolId, ToolType

SURE = 0.95


def tool(name, method, path, summary=""):
    return Tool(
        ToolId("s:t"), SourceId("s"), name or f"{method} {path}", method, path, name, summary, "", "0" * 64, ""
    )  # fmt: skip


ACTS = [
    ("Elimina un nido", Effect.CRITICAL), ("Exclui um ninho", Effect.CRITICAL), ("Supprime un nid", Effect.CRITICAL),
    ("Löscht ein Nest", Effect.CRITICAL), ("Elimina un nido della lista", Effect.CRITICAL), ("Verwijdert een nest", Effect.CRITICAL),
    ("Usuwa gniazdo dla ptaka", Effect.CRITICAL), ("Удаляет гнездо", Effect.CRITICAL), ("Menghapus sarang yang lama", Effect.CRITICAL),
    ("删除鸟巢", Effect.CRITICAL), ("巣を削除する", Effect.CRITICAL), ("둥지를 삭제합니다", Effect.CRITICAL),
    ("Sperrt ein Nest", Effect.SIDE_EFFECT), ("Crée un nid", Effect.SIDE_EFFECT), ("Bu rezervasyonu iptal et ve bildir", Effect.SIDE_EFFECT),
    ("取消预订", Effect.SIDE_EFFECT), ("予約を作成する", Effect.SIDE_EFFECT), ("Busca un nido y elimina sus huevos", Effect.CRITICAL),
]  # fmt: skip
READS = [
    "Obtiene los nidos", "Retorna uma lista de ninhos", "Affiche les nids", "Liefert eine Liste", "Restituisce i nidi della zona",
    "Geeft een lijst", "Возвращает список", "查询退款记录", "返金の履歴を取得する", "둥지 목록 조회",
]  # fmt: skip


@pytest.mark.parametrize(("text", "effect"), ACTS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_act_is_found_in_the_text_alone(text, effect, method):
    said = assess(tool("op7", method, "/op7", text))
    assert said.effect is effect
    assert said.confidence < SURE


@pytest.mark.parametrize("text", READS)
def test_a_read_accuses_no_get_and_makes_no_post_a_read(text):
    assert assess(tool("op7", "GET", "/op7", text)).effect is Effect.READ
    said = assess(tool("op7", "POST", "/op7", text))
    assert (said.effect, said.unclear) == (Effect.SIDE_EFFECT, True)


@pytest.mark.parametrize("text", ["Zwrk den Fnord aus dem Blarg", "Фнорд бларг", "鸟巢", "נסה"])
def test_what_is_not_understood_is_never_sure(text):
    assert assess(tool("op7", "GET", "/op7", text)).confidence < SURE
    assert assess(tool("op7", "POST", "/op7", text)).unclear


@pytest.mark.parametrize(
    ("name", "effect"),
    [
        ("eliminarNido", Effect.CRITICAL), ("apagarNinho", Effect.CRITICAL), ("supprimerNid", Effect.CRITICAL),
        ("nestLoeschen", Effect.CRITICAL), ("cancellaNido", Effect.CRITICAL), ("nestSperren", Effect.SIDE_EFFECT),
        ("crearNido", Effect.SIDE_EFFECT), ("gonderPosta", Effect.SIDE_EFFECT), ("hapusSarang", Effect.CRITICAL),
        ("shanchuNiaochao", Effect.CRITICAL), ("buscarNidos", Effect.READ), ("nesterSuchen", Effect.READ),
        ("rechercherNids", Effect.READ), ("chaxunNiaochao", Effect.READ),
    ],
)  # fmt: skip
def test_verbs_of_names(name, effect):
    assert assess(tool(name, "POST", "/x")).effect is effect


def test_a_transfer_is_money():
    said = assess(tool("ueberweisungAusfuehren", "POST", "/zahlungen", "Führt eine Überweisung aus"))
    assert ToolType.BILLING in said.types
    assert said.effect is Effect.CRITICAL


@pytest.mark.parametrize("text", ["Café menus — lists them", "Returns the “best” nests…", "Deletes the naïve nests"])
def test_english_with_a_foreign_letter_stays_english(text):
    assert (assess(tool("x", "GET", "/x", text)).effect is Effect.READ) is not text.startswith("Deletes")
