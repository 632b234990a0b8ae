package tg.gouv.messagerie.portal.management.imports;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import tg.gouv.messagerie.directory.imports.ImportFiles;
import tg.gouv.messagerie.directory.imports.ImportFiles.Kept;
import tg.gouv.messagerie.directory.imports.ImportFiles.State;
import tg.gouv.messagerie.directory.imports.ImportFiles.Told;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/*
 * A file has one page, from when it was brought until it is forgotten: what it would change, how far its import is, what came of it. To
 * import is asked of the same address, so that whoever must show their password again comes back to it.
 */
/** The page of a file that was brought. */
final class FilePages {
    /** How many rows of each table a page shows. */
    static final int SHOWN = 100;

    private static final String FILE = ImportPages.PLACE + "/fichiers/{id}";
    private static final int AGAIN_SECONDS = 5;

    private final ImportFiles files;
    private final Consumer<Visit> demandRights;
    private final StaticTemplates templates = new StaticTemplates();

    FilePages(ImportFiles files, Consumer<Visit> demandRights) {
        this.files = files;
        this.demandRights = demandRights;
    }

    List<Route> routes() {
        return List.of(
                Route.get(FILE, Access.SIGNED_IN, ImportPages.class, visit -> show(200, visit, known(visit), "")),
                Route.post(FILE, Access.PROVED, ImportPages.class, this::apply),
                Route.get(FILE + "/problemes", Access.SIGNED_IN, ImportPages.class, this::problems),
                Route.get(FILE + "/changements", Access.SIGNED_IN, ImportPages.class, this::changes),
                Route.get(FILE + "/refuses.csv", Access.SIGNED_IN, ImportPages.class, this::refused),
                Route.post(FILE + "/oublier", Access.SIGNED_IN, ImportPages.class, this::forget));
    }

    static String place(UUID file) {
        return ImportPages.PLACE + "/fichiers/" + file;
    }

    /** A file of who asks: another's is not there. */
    private Kept known(Visit visit) {
        demandRights.accept(visit);
        return files.find(visit.name("id", UUID::fromString)).orElseThrow(PageRefused::nothingThere);
    }

    private Reply show(int status, Visit visit, Kept file, String wrong) {
        return switch (file.state()) {
            case LOOKED, FAILED ->
                Reply.page(
                        status,
                        templates.importsLooked(
                                visit.shell(),
                                file,
                                files.problems(file.id(), 0, SHOWN),
                                files.changes(file.id(), 0, SHOWN),
                                wrong.isEmpty() ? file.failure().orElse("") : wrong));
            case RUNNING -> running(visit, file);
            case DONE -> Reply.page(status, templates.importsImported(visit.shell(), file));
        };
    }

    private Reply running(Visit visit, Kept file) {
        boolean followed = visit.query().has("suivre");
        Reply page = Reply.page(templates.importsRunning(visit.shell(), file, followed));
        return followed ? page.askedAgainIn(AGAIN_SECONDS) : page;
    }

    /** Begins the import; a form that is sent twice begins it once. */
    private Reply apply(Visit visit) {
        Kept file = known(visit);
        boolean wanted = visit.form().has("voulu");
        if (file.guard().isPresent() && !wanted && file.state() != State.DONE && file.state() != State.RUNNING) {
            return show(422, visit, file, visit.shell().text("looked.guard-untold"));
        }
        files.apply(file.id(), wanted);
        return Reply.to(place(file.id()) + (visit.form().has("suivre") ? "?suivre=oui" : ""));
    }

    private Reply problems(Visit visit) {
        Kept file = known(visit);
        List<Told> told = files.problems(file.id(), after(visit), SHOWN);
        return Reply.page(templates.importsProblems(visit.shell(), file, told));
    }

    private Reply changes(Visit visit) {
        Kept file = known(visit);
        List<Told> told = files.changes(file.id(), after(visit), SHOWN);
        return Reply.page(templates.importsChanges(visit.shell(), file, told));
    }

    private static int after(Visit visit) {
        return visit.query().given("apres").isPresent() ? visit.query().of("apres", Integer::valueOf) : 0;
    }

    private Reply refused(Visit visit) {
        UUID id = known(visit).id();
        return Reply.file("text/csv;charset=utf-8", "lignes-refusees.csv", to -> write(id, to));
    }

    private void write(UUID id, OutputStream to) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
        writer.write(ImportPages.MARK);
        files.refused(id, line -> {
            try {
                writer.write(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.flush();
    }

    private Reply forget(Visit visit) {
        Kept file = known(visit);
        if (file.state() == State.RUNNING) {
            return show(422, visit, file, "");
        }
        files.remove(file.id());
        return Reply.to(ImportPages.PLACE + "?fait=forgotten");
    }
}
