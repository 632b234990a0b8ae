package tg.gouv.messagerie.portal.account;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.HiddenFunctions;
import tg.gouv.messagerie.directory.signin.LostPasswords;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.WebSessions;
import tg.gouv.messagerie.mail.Absences;
import tg.gouv.messagerie.mail.Forwards;
import tg.gouv.messagerie.portal.clients.ClientSettings;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** Every page of « Mon compte », and those by which one comes in. */
public final class AccountPages {
    private static final List<String> CARDS = List.of(
            "appareils",
            "absence",
            "renvoi",
            "mot-de-passe",
            "second-facteur",
            "sessions",
            "acces",
            "droits",
            "langue",
            "donnees");

    private final Parts parts;
    private final StaticTemplates templates = new StaticTemplates();

    /** The pages over what the directory can do. */
    public AccountPages(Parts parts) {
        this.parts = parts;
    }

    /**
     * What the pages stand on.
     *
     * @param signature signs a document as this server
     */
    public record Parts(
            Directory directory,
            Register register,
            Provisioning provisioning,
            Rights rights,
            WebSessions webSessions,
            Sessions sessions,
            DevicePasswords devices,
            SecondFactors factors,
            LostPasswords lost,
            HiddenFunctions hidden,
            ActivationCodes codes,
            AccessLedger ledger,
            PersonalArchives archives,
            Absences absences,
            Forwards forwards,
            ClientSettings offered,
            Function<byte[], byte[]> signature,
            InstantSource clock) {}

    /** All of them. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>();
        all.addAll(new SignInPages(parts.webSessions(), parts.register(), parts.clock()).routes());
        all.addAll(new ActivationPages(parts.codes(), parts.webSessions(), parts.clock()).routes());
        all.addAll(new LostPages(parts.lost(), parts.clock()).routes());
        all.addAll(new PasswordPages(parts.provisioning(), parts.webSessions(), parts.clock()).routes());
        all.addAll(new SecondFactorPages(parts.factors(), parts.sessions(), parts.webSessions()).routes());
        all.addAll(new DevicePages(parts.devices(), parts.offered(), parts.signature()).routes());
        all.addAll(new AttemptPages(parts.ledger(), parts.devices(), parts.clock()).routes());
        all.addAll(new AbsencePages(parts.absences(), parts.clock()).routes());
        all.addAll(new ForwardPages(parts.forwards()).routes());
        all.addAll(new SessionPages(parts.webSessions(), parts.sessions()).routes());
        all.addAll(new LedgerPages(parts.ledger()).routes());
        all.addAll(new RightsPages(parts.directory(), parts.register(), parts.rights(), parts.hidden()).routes());
        all.addAll(new LanguagePages(parts.provisioning()).routes());
        all.addAll(new DataPages(parts.archives()).routes());
        all.add(Route.get("/compte", Access.SIGNED_IN, AccountPages.class, this::home));
        return List.copyOf(all);
    }

    private Reply home(Visit visit) {
        Account owner = visit.owner();
        List<Home.Function> functions = parts.directory().functionMailboxes(owner.id()).entrySet().stream()
                .map(it -> new Home.Function(
                        it.getKey().displayName(),
                        it.getKey().primary().toString(),
                        it.getValue().name().toLowerCase(Locale.ROOT)))
                .sorted(Comparator.comparing(Home.Function::address))
                .toList();
        return Reply.page(templates.accountHome(
                visit.shell(),
                new Home(
                        owner.displayName(),
                        owner.primary().toString(),
                        owner.addresses().stream()
                                .filter(it -> !it.equals(owner.primary()))
                                .map(String::valueOf)
                                .sorted()
                                .toList(),
                        functions,
                        parts.factors().of(owner.id()).since().isPresent(),
                        CARDS)));
    }
}
