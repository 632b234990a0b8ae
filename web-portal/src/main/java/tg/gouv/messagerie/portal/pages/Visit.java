package tg.gouv.messagerie.portal.pages;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.signin.WebSessions.Visitor;
import tg.gouv.messagerie.platform.settings.Secret;

/** Somebody asks for a page, or sends a form; whatever is done for them is done in their name. */
public final class Visit {
    private final Map<String, String> names;
    private final Form query;
    private final Form form;
    private final Optional<Visitor> visitor;
    private final Optional<Secret> session;
    private final Optional<Secret> waiting;
    private final InetAddress from;
    private final String program;
    private final Shell shell;

    Visit(
            Map<String, String> names,
            Form query,
            Form form,
            Optional<Visitor> visitor,
            Optional<Secret> session,
            Optional<Secret> waiting,
            InetAddress from,
            String program,
            Shell shell) {
        this.names = names;
        this.query = query;
        this.form = form;
        this.visitor = visitor;
        this.session = session;
        this.waiting = waiting;
        this.from = from;
        this.program = program;
        this.shell = shell;
    }

    /** The form that was sent; empty where a page is asked for. */
    public Form form() {
        return form;
    }

    /** What stands behind the question mark of the address. */
    public Form query() {
        return query;
    }

    /**
     * What a name in the path of the route stands for.
     *
     * @throws PageRefused that nothing is there, if it is no value of the type
     */
    public <T> T name(String name, Function<String, T> type) {
        try {
            return type.apply(names.getOrDefault(name, ""));
        } catch (IllegalArgumentException _) {
            throw PageRefused.nothingThere();
        }
    }

    /** Who has signed in. */
    public Optional<Visitor> visitor() {
        return visitor;
    }

    /** Who has signed in, where the route demands it. */
    public Account owner() {
        return signedIn().owner();
    }

    /** The account of {@link #owner}. */
    public AccountId account() {
        return owner().id();
    }

    /** The session, where the route demands one. */
    public Visitor signedIn() {
        return visitor.orElseThrow(() -> new IllegalStateException("this page is for everybody"));
    }

    /** The secret of the session that the browser showed, whether or not it serves. */
    public Optional<Secret> session() {
        return session;
    }

    /** What a sign-in that waits for a code was told. */
    public Optional<Secret> waiting() {
        return waiting;
    }

    /** From where. */
    public InetAddress from() {
        return from;
    }

    /** What the browser says of itself. */
    public String program() {
        return program;
    }

    /** What every page needs. */
    public Shell shell() {
        return shell;
    }

    /** The language of the page. */
    public Locale language() {
        return shell.locale();
    }

    /** Where to go after a detour: the page that was wanted, if it is one of ours. */
    public String target() {
        return Target.of(form.has("vers") ? form.line("vers") : query.line("vers"));
    }
}
