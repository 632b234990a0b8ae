package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tg.gouv.messagerie.directory.imports.ImportFiles;
import tg.gouv.messagerie.directory.imports.ImportFiles.Kept;
import tg.gouv.messagerie.directory.imports.ImportFiles.Told;
import tg.gouv.messagerie.directory.imports.Imports;

/** What the API does with files of people, entities and positions: brought and looked at, imported, undone. */
final class ImportOperations {
    private static final List<String> NONE = List.of();
    private static final List<String> PAGE = List.of("after", "limit");
    private static final List<String> FILE_SHOWN = List.of(
            "id",
            "name",
            "state",
            "kind",
            "done#",
            "of#",
            "rows#",
            "made#",
            "changed#",
            "unchanged#",
            "refused#",
            "import?",
            "failure?");

    private final Imports imports;
    private final ImportFiles files;

    ImportOperations(Imports imports, ImportFiles files) {
        this.imports = imports;
        this.files = files;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "POST",
                        "/import-files",
                        "bringImportFile",
                        "Brings a file, CSV or LDIF, and looks at it: what it would change, and what is wrong. Nothing is imported.",
                        "people or structure",
                        List.of("name", "activate", "language"),
                        List.of(Operation.CSV),
                        201,
                        FILE_SHOWN,
                        this::bring),
                new Operation(
                        "GET",
                        "/import-files/{id}",
                        "importFile",
                        "A file one has brought, and how far its import is.",
                        "token",
                        NONE,
                        NONE,
                        200,
                        FILE_SHOWN,
                        call -> Answer.of(shown(kept(call)))),
                new Operation(
                        "GET",
                        "/import-files/{id}/problems",
                        "importProblems",
                        "What is wrong with a file, or strange: each with its line and column.",
                        "token",
                        PAGE,
                        NONE,
                        200,
                        List.of("items[]", "next?"),
                        call -> page(call, files.problems(kept(call).id(), after(call), call.limit()))),
                new Operation(
                        "GET",
                        "/import-files/{id}/changes",
                        "importChanges",
                        "What importing a file would change.",
                        "token",
                        PAGE,
                        NONE,
                        200,
                        List.of("items[]", "next?"),
                        call -> page(call, files.changes(kept(call).id(), after(call), call.limit()))),
                new Operation(
                        "GET",
                        "/import-files/{id}/refused",
                        "importRefused",
                        "The refused rows of a file, as CSV that is ready to correct.",
                        "token",
                        NONE,
                        NONE,
                        200,
                        List.of(Operation.CSV),
                        this::refused),
                new Operation(
                        "POST",
                        "/import-files/{id}/application",
                        "applyImportFile",
                        "Begins to import a file; the file tells how far that is.",
                        "people or structure",
                        List.of("force"),
                        NONE,
                        202,
                        FILE_SHOWN,
                        this::apply),
                new Operation(
                        "DELETE",
                        "/import-files/{id}",
                        "removeImportFile",
                        "Forgets a file; what was imported stays.",
                        "token",
                        NONE,
                        NONE,
                        204,
                        NONE,
                        this::remove),
                new Operation(
                        "GET",
                        "/imports",
                        "imports",
                        "One's last imports, the last one first.",
                        "token",
                        List.of("limit"),
                        NONE,
                        200,
                        List.of("items[]"),
                        this::list),
                new Operation(
                        "POST",
                        "/imports/{id}/undoing",
                        "undoImport",
                        "Gives back what an import replaced.",
                        "people or structure",
                        NONE,
                        NONE,
                        200,
                        List.of("undone#"),
                        this::undo));
    }

    private Answer bring(Call call) {
        String name = call.query("name", text -> text).orElse("");
        Locale language = call.query("language", text -> switch (text) {
                    case "fr" -> Locale.FRENCH;
                    case "en" -> Locale.ENGLISH;
                    default -> throw new IllegalArgumentException(text);
                })
                .orElse(Locale.FRENCH);
        try {
            return Answer.made(shown(files.keep(name, "", call.truth("activate"), language, call.file())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Kept kept(Call call) {
        return files.find(call.path("id", UUID::fromString)).orElseThrow(Problem::nothingThere);
    }

    private static int after(Call call) {
        return call.query("after", Integer::valueOf).orElse(0);
    }

    private static Answer page(Call call, List<Told> told) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        for (Told each : told) {
            ObjectNode item = items.addObject();
            if (!each.kind().isEmpty()) {
                item.put("line", each.line())
                        .put("column", each.column())
                        .put("kind", each.kind())
                        .put("refuses", each.refuses());
            }
            if (each.otherLine() > 0) {
                item.put("otherLine", each.otherLine());
            }
            item.put("sentence", each.sentence());
        }
        if (told.size() == call.limit()) {
            json.put("next", String.valueOf(told.getLast().number()));
        }
        return Answer.of(json);
    }

    private Answer refused(Call call) {
        UUID id = kept(call).id();
        return Answer.csv(lines -> files.refused(id, lines));
    }

    private Answer apply(Call call) {
        Kept file = kept(call);
        if (!files.apply(file.id(), call.truth("force"))) {
            throw new Problem(409, "import-begun");
        }
        return Answer.begun(shown(kept(call)));
    }

    private Answer remove(Call call) {
        if (!files.remove(call.path("id", UUID::fromString))) {
            throw Problem.nothingThere();
        }
        return Answer.nothing();
    }

    private Answer list(Call call) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        imports.list(call.limit())
                .forEach(each -> items.addObject()
                        .put("id", each.id().toString())
                        .put("name", each.name())
                        .put("kind", each.kind().name().toLowerCase(Locale.ROOT))
                        .put("state", each.state())
                        .put("begun", each.begun().toString())
                        .put("rows", each.rows())
                        .put("made", each.made())
                        .put("changed", each.changed())
                        .put("refused", each.refused()));
        return Answer.of(json);
    }

    private Answer undo(Call call) {
        return Answer.of(Json.object().put("undone", imports.undo(call.path("id", UUID::fromString))));
    }

    private static ObjectNode shown(Kept file) {
        ObjectNode json = Json.object()
                .put("id", file.id().toString())
                .put("name", file.name())
                .put("state", file.state().name().toLowerCase(Locale.ROOT))
                .put("kind", file.kind().name().toLowerCase(Locale.ROOT))
                .put("done", file.done())
                .put("of", file.of())
                .put("rows", file.rows())
                .put("made", file.made())
                .put("changed", file.changed())
                .put("unchanged", file.unchanged())
                .put("refused", file.refused());
        file.importId().ifPresent(it -> json.put("import", it.toString()));
        file.failure().ifPresent(it -> json.put("failure", it));
        return json;
    }
}
