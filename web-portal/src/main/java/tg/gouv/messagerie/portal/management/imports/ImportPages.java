package tg.gouv.messagerie.portal.management.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.imports.ImportFiles;
import tg.gouv.messagerie.directory.imports.ImportFiles.Kept;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Imports.Listed;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.Template;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Settings;
import tg.gouv.messagerie.portal.pages.Form;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Route.Method;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** The pages on which files with people, entities or positions are brought, and on which imports are listed and undone. */
public final class ImportPages {
    static final String PLACE = "/gestion/imports";

    private static final int PAGE = 25;
    private static final int MAPPING_MAX = 65_536;

    /** The byte order mark by which spreadsheets know UTF-8. */
    static final String MARK = "\uFEFF";

    private static final Map<String, Imports.Kind> TEMPLATES = Map.of(
            "personnes", Imports.Kind.PEOPLE, "entites", Imports.Kind.ENTITIES, "postes", Imports.Kind.POSITIONS);

    private final Parts parts;
    private final StaticTemplates templates = new StaticTemplates();

    /** The pages over what the directory can do. */
    public ImportPages(Parts parts) {
        this.parts = parts;
    }

    /**
     * What the pages stand on.
     *
     * @param fileMax how large a file may be
     */
    public record Parts(Imports imports, ImportFiles files, Rights rights, ByteSize fileMax) {}

    /** All of them. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>(List.of(
                Route.get(PLACE, Access.SIGNED_IN, ImportPages.class, visit -> list(200, visit, "")),
                new Route(Method.POST, PLACE, Access.SIGNED_IN, ImportPages.class, true, this::bring),
                Route.get(PLACE + "/modeles/{quoi}", Access.SIGNED_IN, ImportPages.class, ImportPages::template),
                Route.get(PLACE + "/{id}", Access.SIGNED_IN, ImportPages.class, this::one),
                Route.get(PLACE + "/{id}/annuler", Access.PROVED, ImportPages.class, this::undoing),
                Route.post(PLACE + "/{id}/annuler", Access.PROVED, ImportPages.class, this::undo)));
        all.addAll(new FilePages(parts.files(), visit -> demandRights(visit)).routes());
        return List.copyOf(all);
    }

    /** Who may import nothing anywhere has no business here; each row is judged with the import. */
    private void demandRights(Visit visit) {
        boolean any = parts.rights().heldBy(visit.account()).stream()
                .anyMatch(
                        it -> it.rights().contains(Right.PEOPLE) || it.rights().contains(Right.STRUCTURE));
        if (!any) {
            throw new PageRefused(403, "imports.nothing");
        }
    }

    private Reply list(int status, Visit visit, String wrong) {
        demandRights(visit);
        Optional<UUID> before = visit.query().given("avant").isPresent()
                ? Optional.of(visit.query().of("avant", UUID::fromString))
                : Optional.empty();
        List<Listed> imports = parts.imports().list(before, PAGE + 1);
        boolean more = imports.size() > PAGE;
        List<Listed> shown = more ? imports.subList(0, PAGE) : imports;
        List<Kept> files = before.isEmpty() ? parts.files().list() : List.of();
        return Reply.page(
                status,
                templates.importsList(
                        visit.shell(),
                        shown,
                        more ? shown.getLast().id().toString() : "",
                        files,
                        parts.fileMax().bytes() >> 20,
                        wrong));
    }

    /** Keeps the file and looks at it; its own page shows what that found. */
    private Reply bring(Visit visit) {
        demandRights(visit);
        Optional<Form.Upload> file = visit.form().file("fichier");
        if (file.isEmpty()) {
            return list(422, visit, visit.shell().text("bring.no-file"));
        }
        try (InputStream content = file.get().content().get()) {
            Kept kept = parts.files()
                    .keep(
                            shown(file.get().name()),
                            mapping(visit),
                            visit.form().has("activer"),
                            visit.language(),
                            content);
            return Reply.to(FilePages.place(kept.id()));
        } catch (ImportRefused refused) {
            return list(422, visit, sentence(visit, refused));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String mapping(Visit visit) throws IOException {
        Optional<Form.Upload> mapping = visit.form().file("correspondance");
        if (mapping.isEmpty()) {
            return "";
        }
        if (mapping.get().sizeBytes() > MAPPING_MAX) {
            throw new ImportRefused(
                    ImportRefused.Reason.BAD_MAPPING, visit.shell().text("bring.mapping-long"));
        }
        try (InputStream content = mapping.get().content().get()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8).replace("\0", "\uFFFD");
        }
    }

    /** A file's name as its owner sees it again: what a browser says of folders is left out. */
    private static String shown(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return last.codePoints()
                .filter(each -> !Character.isISOControl(each))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Why nothing is imported, in words of these pages where those of the directory name commands. */
    static String sentence(Visit visit, ImportRefused refused) {
        String own = "refused." + refused.reason().name();
        return visit.shell().has(own)
                ? visit.shell().text(own, refused.values().toArray())
                : refused.sentence(visit.language());
    }

    private static Reply template(Visit visit) {
        String what = visit.name("quoi", text -> text);
        Locale language = visit.language();
        if (what.equals("correspondance")) {
            return file("text/plain;charset=utf-8", "correspondance.toml", Settings.reference(Mapping.class));
        }
        Imports.Kind kind = Optional.ofNullable(TEMPLATES.get(what)).orElseThrow(PageRefused::nothingThere);
        return file("text/csv;charset=utf-8", "modele-" + what + ".csv", MARK + Template.of(kind, language));
    }

    private static Reply file(String type, String name, String text) {
        return Reply.file(type, name, to -> to.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** An import of who asks: what another made is not there. */
    private Listed known(Visit visit) {
        demandRights(visit);
        return parts.imports().find(visit.name("id", UUID::fromString)).orElseThrow(PageRefused::nothingThere);
    }

    private Reply one(Visit visit) {
        return Reply.page(templates.importsOne(visit.shell(), known(visit)));
    }

    private Reply undoing(Visit visit) {
        return undoing(200, visit, known(visit), "");
    }

    private Reply undoing(int status, Visit visit, Listed listed, String wrong) {
        return Reply.page(
                status,
                templates.importsUndoing(
                        visit.shell(), listed, parts.imports().wouldGiveBack(listed.id(), FilePages.SHOWN), wrong));
    }

    private Reply undo(Visit visit) {
        Listed listed = known(visit);
        try {
            parts.imports().undo(listed.id());
        } catch (ImportRefused refused) {
            return undoing(422, visit, known(visit), sentence(visit, refused));
        }
        return Reply.to(PLACE + "/" + listed.id() + "?fait=undone");
    }
}
