package tg.gouv.messagerie.portal.account;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.rights.Rights.Given;
import tg.gouv.messagerie.directory.signin.HiddenFunctions;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Shell;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** « Mes droits »: positions, function mailboxes, and what one may administer, until when. */
public final class RightsPages {
    private static final String PLACE = "/compte/droits";

    private final Directory directory;
    private final Register register;
    private final Rights rights;
    private final HiddenFunctions hidden;
    private final StaticTemplates templates = new StaticTemplates();

    RightsPages(Directory directory, Register register, Rights rights, HiddenFunctions hidden) {
        this.hidden = hidden;
        this.directory = directory;
        this.register = register;
        this.rights = rights;
    }

    /**
     * A function mailbox of who looks.
     *
     * @param access as the word of {@link tg.gouv.messagerie.directory.FunctionAccess}
     * @param user what is typed in a program as the user's name to open it
     * @param hidden whether own programs do not open it
     */
    public record Function(AccountId id, String name, String address, String access, String user, boolean hidden) {}

    List<Route> routes() {
        return List.of(
                Route.get(PLACE, Access.SIGNED_IN, RightsPages.class, this::show),
                Route.post(
                        PLACE + "/{boite}/cacher",
                        Access.SIGNED_IN,
                        RightsPages.class,
                        visit -> changed(visit, hidden.hide(visit.account(), function(visit)))),
                Route.post(
                        PLACE + "/{boite}/montrer",
                        Access.SIGNED_IN,
                        RightsPages.class,
                        visit -> changed(visit, hidden.show(visit.account(), function(visit)))));
    }

    private Reply show(Visit visit) {
        Optional<Registered> person = register.person(visit.owner().primary());
        List<String> positions = new ArrayList<>();
        for (PositionCode code : person.map(Registered::positions).orElse(List.of())) {
            Optional<Position> position = register.position(code);
            position.ifPresent(it -> positions.add(it.title()));
        }
        Set<AccountId> concealed = hidden.of(visit.account());
        List<Function> functions = directory.functionMailboxes(visit.account()).entrySet().stream()
                .map(it -> new Function(
                        it.getKey().id(),
                        it.getKey().displayName(),
                        it.getKey().primary().toString(),
                        it.getValue().name().toLowerCase(Locale.ROOT),
                        it.getKey().primary() + "*" + visit.owner().primary(),
                        concealed.contains(it.getKey().id())))
                .sorted(Comparator.comparing(Function::address))
                .toList();
        List<String> given = rights.heldBy(visit.account()).stream()
                .map(it -> sentence(it, visit.shell()))
                .toList();
        return Reply.page(templates.accountRights(visit.shell(), positions, functions, given));
    }

    private static AccountId function(Visit visit) {
        return visit.name("boite", it -> new AccountId(UUID.fromString(it)));
    }

    /** Two tabs: it may be so already. */
    private static Reply changed(Visit visit, boolean nowOnly) {
        String done = visit.shell().path().endsWith("/cacher") ? "function-hidden" : "function-shown";
        return Reply.to(PLACE + (nowOnly ? "?fait=" + done : ""));
    }

    private String sentence(Given given, Shell shell) {
        String what = given.rights().stream()
                .sorted(Comparator.naturalOrder())
                .map(Right::word)
                .map(it -> shell.text("right." + it))
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        String where = given.entity()
                .flatMap(code -> register.entity(new EntityCode(code)).map(Entity::name))
                .orElseGet(() -> shell.text("rights.everywhere"));
        return given.until()
                .map(it -> shell.text("rights.given-until", where, what, shell.day(it)))
                .orElseGet(() -> shell.text("rights.given", where, what));
    }
}
