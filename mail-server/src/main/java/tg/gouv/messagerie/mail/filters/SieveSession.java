package tg.gouv.messagerie.mail.filters;

import static tg.gouv.messagerie.mail.filters.SieveWire.string;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.james.core.Username;
import org.apache.james.managesieve.api.SieveParser;
import org.apache.james.managesieve.api.SyntaxException;
import org.apache.james.sieverepository.api.ScriptContent;
import org.apache.james.sieverepository.api.ScriptName;
import org.apache.james.sieverepository.api.ScriptSummary;
import org.apache.james.sieverepository.api.SieveRepository;
import org.apache.james.sieverepository.api.exception.DuplicateException;
import org.apache.james.sieverepository.api.exception.IsActiveException;
import org.apache.james.sieverepository.api.exception.QuotaExceededException;
import org.apache.james.sieverepository.api.exception.ScriptNotFoundException;
import org.apache.james.sieverepository.api.exception.SieveRepositoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.ProviderUnavailable;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.submission.Said;
import tg.gouv.messagerie.mail.submission.Sasl;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.help.HelpCode;

/** One client's conversation: the commands of RFC 5804 section 2, one after the other. */
final class SieveSession {
    private static final Logger log = LoggerFactory.getLogger(SieveSession.class);

    /** A person mistypes; a program that guesses needs a new connection each time. */
    private static final int FAILURES_MAX = 3;

    private static final int ERRORS_MAX = 20;

    private final SieveWire wire;
    private final InetAddress client;
    private final Scripts scripts;
    private final Runnable cut;
    private Sessions.@Nullable Session session;
    private @Nullable Username owner;
    private SignIn.@Nullable Granted signedIn;
    private int failures;

    /** What all conversations share. */
    record Scripts(
            SieveRepository repository, SieveParser parser, SignIns signIns, Sessions sessions, SSLContext tls) {}

    /**
     * A conversation.
     *
     * @param cut ends the connection
     */
    SieveSession(SieveWire wire, InetAddress client, Scripts scripts, Runnable cut) {
        this.wire = wire;
        this.client = client;
        this.scripts = scripts;
        this.cut = cut;
    }

    /** Talks until one of the two ends it. */
    void run() throws IOException {
        try {
            capabilities();
            while (answer(wire.words())) {
                if (wire.refusals() > ERRORS_MAX || failures >= FAILURES_MAX) {
                    wire.write("BYE " + string("Trop d'erreurs / Too many errors"));
                    return;
                }
            }
        } catch (SieveWire.Unreadable e) {
            wire.write("BYE " + string(String.valueOf(e.getMessage())));
        } finally {
            signedOut();
        }
    }

    private boolean answer(List<String> words) throws IOException {
        String command = words.isEmpty() ? "" : words.getFirst().toUpperCase(Locale.ROOT);
        List<String> arguments = words.isEmpty() ? words : words.subList(1, words.size());
        switch (command) {
            case "LOGOUT" -> {
                wire.write("OK");
                return false;
            }
            case "CAPABILITY" -> capabilities();
            case "NOOP" -> wire.write(arguments.isEmpty() ? "OK" : "OK (TAG " + string(arguments.getFirst()) + ")");
            case "STARTTLS" -> startTls();
            case "AUTHENTICATE" -> authenticate(arguments);
            default -> script(command, arguments);
        }
        return true;
    }

    /** RFC 5804 section 1.7; no version, and no mechanism before TLS. */
    private void capabilities() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("\"IMPLEMENTATION\" \"Messagerie\"");
        lines.add("\"SIEVE\" " + string(String.join(" ", scripts.parser().getExtensions())));
        lines.add("\"SASL\" "
                + string(
                        wire.isEncrypted() && owner == null
                                ? String.join(
                                        " ",
                                        Sasl.offered(scripts.signIns()).stream()
                                                .map(Sasl::name)
                                                .toList())
                                : ""));
        if (!wire.isEncrypted()) {
            lines.add("\"STARTTLS\"");
        }
        lines.add("\"VERSION\" \"1.0\"");
        if (owner != null) {
            lines.add("\"OWNER\" " + string(owner.asString()));
        }
        lines.add("OK");
        wire.write(lines.toArray(String[]::new));
    }

    private void startTls() throws IOException {
        if (wire.isEncrypted() || owner != null) {
            no("Deja chiffre / Already encrypted");
            return;
        }
        wire.write("OK");
        wire.startTls(scripts.tls());
        capabilities(); // RFC 5804 section 2.2
    }

    private void authenticate(List<String> arguments) throws IOException {
        if (!wire.isEncrypted()) {
            refuse(
                    "(ENCRYPT-NEEDED) ",
                    HelpCode.ENCRYPT_FIRST,
                    "Chiffrez d'abord la connexion / Encrypt the connection first");
        } else if (owner != null) {
            no("Deja connecte / Already authenticated");
        } else {
            Optional<Sasl> mechanism = arguments.stream().findFirst().flatMap(it -> Sasl.named(it, scripts.signIns()));
            if (mechanism.isEmpty()) {
                no("Mecanisme inconnu / Unknown mechanism");
            } else {
                signIn(mechanism.get(), arguments.size() > 1 ? arguments.get(1) : asked(""));
            }
        }
    }

    private String asked(String challenge) throws IOException {
        wire.write(string(challenge));
        List<String> answer = wire.words();
        return answer.size() == 1 ? answer.getFirst() : "*";
    }

    private void signIn(Sasl mechanism, String base64) throws IOException {
        Optional<Said> said = mechanism.read(base64);
        if (said.isEmpty()) {
            failures++;
            no("Connexion illisible ou annulee / Response cannot be read, or cancelled");
            return;
        }
        try {
            switch (said.get().signIn(scripts.signIns(), client, SignIns.Protocol.MANAGESIEVE)) {
                case SignIn.Granted granted
                when granted.readsOnly() ->
                    refuse(
                            "",
                            HelpCode.READ_ONLY,
                            "Lecture seule : filtres interdits / Read only: filters are not yours to change");
                case SignIn.Granted granted -> {
                    owner = Username.of(granted.account().primary().toString());
                    signedIn = granted;
                    session = scripts.sessions().began(granted, SignIns.Protocol.MANAGESIEVE, client, cut);
                    wire.signedIn();
                    wire.write("OK");
                }
                case SignIn.Refused() -> {
                    failures++;
                    Optional<String> refusal = mechanism.refusal(scripts.signIns());
                    if (refusal.isPresent()) { // RFC 7628 section 3.2.3: what the client answers means nothing
                        var _ = asked(refusal.get());
                    }
                    refuse("", HelpCode.WRONG_SECRET, "Adresse ou mot de passe incorrect / Invalid credentials");
                }
                case SignIn.Throttled(Instant _) -> {
                    failures++;
                    later(HelpCode.TOO_MANY_ATTEMPTS);
                }
            }
        } catch (ProviderUnavailable _) { // the log of sign-ins tells it
            failures++;
            later(HelpCode.SIGN_IN_LATER);
        } catch (StoreUnavailable e) {
            log.warn("event=sign_in_unavailable protocol=managesieve client={}", client.getHostAddress(), e);
            later(HelpCode.SIGN_IN_LATER);
        }
    }

    private void signedOut() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private void later(HelpCode help) throws IOException {
        refuse("(TRYLATER) ", help, "Reessayez plus tard / Try again later"); // RFC 5804 section 1.3
    }

    private void script(String command, List<String> arguments) throws IOException {
        Username user = owner;
        if (user == null) {
            refuse("", HelpCode.SIGN_IN_FIRST, "Connectez-vous d'abord / Authenticate first");
            return;
        }
        try {
            switch (command + " " + arguments.size()) {
                case "LISTSCRIPTS 0" -> list(user);
                case "GETSCRIPT 1" -> get(user, name(arguments));
                case "PUTSCRIPT 2" -> put(user, name(arguments), arguments.get(1));
                case "CHECKSCRIPT 1" -> wire.write(checked(arguments.getFirst()));
                case "HAVESPACE 2" -> haveSpace(user, name(arguments), arguments.get(1));
                case "SETACTIVE 1" -> {
                    ScriptName name = activeName(arguments);
                    ok(() -> scripts.repository().setActive(user, name));
                }
                case "DELETESCRIPT 1" -> {
                    ScriptName name = name(arguments);
                    ok(() -> scripts.repository().deleteScript(user, name));
                }
                case "RENAMESCRIPT 2" -> {
                    ScriptName name = name(arguments);
                    ScriptName other = name(arguments.subList(1, 2));
                    ok(() -> scripts.repository().renameScript(user, name, other));
                }
                case "UNAUTHENTICATE 0" -> {
                    owner = null;
                    signedOut();
                    wire.write("OK");
                }
                default -> no("Commande inconnue / Unknown command");
            }
        } catch (SyntaxException e) {
            refuse("", HelpCode.BAD_FILTER, oneLine(e));
        } catch (TooManyScripts e) {
            refuse("(QUOTA/MAXSCRIPTS) ", HelpCode.BAD_FILTER, "Trop de filtres / Too many scripts");
        } catch (QuotaExceededException e) {
            refuse("(QUOTA/MAXSIZE) ", HelpCode.BAD_FILTER, "Filtre trop grand / Script too large");
        } catch (ScriptNotFoundException e) {
            wire.write("NO (NONEXISTENT) " + string("Filtre inconnu / No such script"));
        } catch (IsActiveException e) {
            wire.write("NO (ACTIVE) " + string("Filtre en service / The script is active"));
        } catch (DuplicateException e) {
            wire.write("NO (ALREADYEXISTS) " + string("Ce nom existe / That name exists"));
        } catch (SieveRepositoryException e) {
            log.error("event=scripts_unavailable client={}", client.getHostAddress(), e);
            later(HelpCode.TRY_LATER);
        }
    }

    /** Where the error is; not which class of ours found it, nor the grammar. */
    private static String oneLine(SyntaxException e) {
        String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return "Filtre illisible / Script cannot be read: " + first.replaceFirst("^[A-Za-z.]+Exception: ", "");
    }

    private void list(Username user) throws IOException, SieveRepositoryException {
        List<String> lines = new ArrayList<>();
        for (ScriptSummary script : scripts.repository().listScripts(user)) {
            lines.add(string(script.getName().getValue()) + (script.isActive() ? " ACTIVE" : ""));
        }
        lines.add("OK");
        wire.write(lines.toArray(String[]::new));
    }

    private void get(Username user, ScriptName name) throws IOException, SieveRepositoryException {
        try (InputStream script = scripts.repository().getScript(user, name)) {
            byte[] text = script.readAllBytes();
            wire.write("{" + text.length + "}", new String(text, StandardCharsets.UTF_8), "OK");
        }
    }

    /** RFC 5804 section 2.6: a script with an error is not stored. */
    private void put(Username user, ScriptName name, String text)
            throws IOException, SyntaxException, SieveRepositoryException {
        String outcome = checked(text);
        inTheirName(() -> scripts.repository().putScript(user, name, new ScriptContent(text)));
        wire.write(outcome);
    }

    private String checked(String text) throws SyntaxException {
        List<String> warnings = scripts.parser().parse(text);
        return warnings.isEmpty() ? "OK" : "OK (WARNINGS) " + string(String.join(" ", warnings));
    }

    private void haveSpace(Username user, ScriptName name, String octets) throws IOException, SieveRepositoryException {
        if (!octets.matches("[0-9]{1,10}")) { // RFC 5804 section 4: a number has 32 bits
            no("Taille illisible / Size cannot be read");
            return;
        }
        scripts.repository().haveSpace(user, name, Long.parseLong(octets));
        wire.write("OK");
    }

    private interface Act {
        void run() throws SieveRepositoryException;
    }

    private void ok(Act act) throws IOException, SieveRepositoryException {
        inTheirName(act);
        wire.write("OK");
    }

    /** Whatever an act tells the audit trail was done by who signed in. */
    private void inTheirName(Act act) throws SieveRepositoryException {
        SignIn.Granted who = Objects.requireNonNull(signedIn);
        boolean own = who.actor().id().equals(who.account().id());
        new Circumstances(
                        Instant.now(),
                        new Actor.Account(who.actor().id().value()),
                        own
                                ? Optional.empty()
                                : Optional.of(
                                        new Actor.Account(who.account().id().value())),
                        new tg.gouv.messagerie.platform.audit.Origin.Remote(
                                Origin.of(client).network(), "managesieve"))
                .<Boolean, SieveRepositoryException>call(() -> {
                    act.run();
                    return true;
                });
    }

    private static ScriptName activeName(List<String> arguments) throws SieveWire.Unreadable {
        // RFC 5804 section 2.8: the empty name leaves no script active
        return arguments.getFirst().isEmpty() ? SieveRepository.NO_SCRIPT_NAME : name(arguments);
    }

    /** A name as RFC 5804 section 1.6 allows it, and as a file can have it. */
    private static ScriptName name(List<String> arguments) throws SieveWire.Unreadable {
        String name = arguments.getFirst();
        if (name.isEmpty()
                || name.length() > 128
                || !name.chars().allMatch(c -> c >= ' ' && c != 127 && c != '/')
                || name.startsWith(".")) {
            throw new SieveWire.Unreadable("Nom de filtre illisible / Script name cannot be used");
        }
        return new ScriptName(name);
    }

    /**
     * Says no, and which page of the help says more.
     *
     * @param code a response code of RFC 5804 section 1.3 and a space, or nothing
     */
    private void refuse(String code, HelpCode help, String sentence) throws IOException {
        wire.write("NO " + code + string(help.after(sentence)));
    }

    private void no(String sentence) throws IOException {
        wire.write("NO " + string(sentence));
    }
}
