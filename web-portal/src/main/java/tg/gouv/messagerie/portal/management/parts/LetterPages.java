package tg.gouv.messagerie.portal.management.parts;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Waiting;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.letters.Letters;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.StructureIndex;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/*
 * A button that is pressed twice would make two files, and the codes of the first would serve no more: nobody has two of them made at once.
 */
/** The pages that make the letters with activation codes of a service, as one file to print. */
public final class LetterPages {
    private static final String PLACE = "/gestion/lettres";
    private static final String ENTITY = PLACE + "/{entite}";

    private final Parts parts;
    private final PartChoice choice;
    private final StaticTemplates templates = new StaticTemplates();
    private final Set<AccountId> making = ConcurrentHashMap.newKeySet();

    /** The pages over what the directory can do. */
    public LetterPages(Parts parts) {
        this.parts = parts;
        this.choice = new PartChoice(
                parts.structure(), parts.register(), parts.rights(), Right.CREDENTIALS, PLACE, "letters");
    }

    /** What the pages stand on. */
    public record Parts(
            ActivationCodes codes,
            StructureIndex structure,
            Register register,
            Rights rights,
            LetterSettings letters) {}

    /** All of them. */
    public List<Route> routes() {
        return List.of(
                Route.get(PLACE, Access.SIGNED_IN, LetterPages.class, choice::page),
                Route.get(ENTITY, Access.PROVED, LetterPages.class, visit -> ask(200, visit, "")),
                Route.post(ENTITY, Access.PROVED, LetterPages.class, this::make));
    }

    private Reply ask(int status, Visit visit, String wrong) {
        Entity entity = choice.chosen(visit);
        Waiting waiting = parts.codes().waiting(entity.code());
        return Reply.page(status, templates.partsLetters(visit.shell(), entity, waiting, wrong));
    }

    /** Each code is durable before its letter is written; the file goes out while it is made. */
    private Reply make(Visit visit) {
        EntityCode entity = choice.chosen(visit).code();
        boolean again = visit.form().line("pour").equals("tous");
        Waiting waiting = parts.codes().waiting(entity);
        if ((again ? waiting.people() : waiting.unserved()) == 0) {
            return ask(422, visit, visit.shell().text("letters.nobody"));
        }
        AccountId maker = visit.account();
        if (making.contains(maker)) {
            throw new PageRefused(409, "letters.being-made");
        }
        Locale language = visit.language();
        return Reply.file(
                "application/pdf", "lettres-" + entity + ".pdf", to -> write(maker, entity, again, language, to));
    }

    private void write(AccountId maker, EntityCode entity, boolean again, Locale language, OutputStream to)
            throws IOException {
        if (!making.add(maker)) {
            throw new IOException("letters are being made for the same account");
        }
        try (Letters letters = new Letters(to, parts.letters(), language)) {
            parts.codes().issueTo(entity, again, letters::add);
        } finally {
            making.remove(maker);
        }
    }
}
