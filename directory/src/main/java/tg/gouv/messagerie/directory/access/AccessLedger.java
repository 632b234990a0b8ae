package tg.gouv.messagerie.directory.access;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditAbout;
import tg.gouv.messagerie.platform.audit.AuditAbout.Told;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.language.Messages;

/**
 * « Who has opened my account »: what the audit trail tells of one account, in sentences that name who acted. May be called from any thread
 * that may block; throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 */
public final class AccessLedger {
    private static final String SECRET = "secret:";
    private static final String ACCOUNT = "account:";
    private static final String ADDRESS = "address:";
    private static final String SYSTEM_USER = "system-user:";

    /** Acts that have a sentence of their own. */
    static final Set<String> TOLD = Set.of(
            "access",
            "sending",
            "look-access",
            "look-state",
            "mailbox-rights",
            "forwarding-begun",
            "forwarding-ended",
            "directory-grant",
            "directory-revoke",
            "directory-password",
            "directory-activation-code-issued",
            "directory-activation-code-used",
            "directory-activation-code-expired",
            "directory-alias",
            "directory-address-retired",
            "directory-departure",
            "directory-departure-ended",
            "directory-device-password-issued",
            "directory-device-password-revoked",
            "directory-second-factor-on",
            "directory-second-factor-off",
            "directory-sign-out",
            "directory-function-hidden",
            "directory-function-shown",
            "directory-unlock",
            "directory-web-session-ended",
            "directory-account-state",
            "directory-person",
            "directory-assignment",
            "directory-person-export",
            "directory-legal-hold",
            "directory-legal-hold-ended");

    private final AuditAbout about;
    private final Directory directory;
    private final InstantSource clock;

    /** A ledger of what the trail tells, with the names of the directory. */
    public AccessLedger(AuditAbout about, Directory directory, InstantSource clock) {
        this.about = about;
        this.directory = directory;
        this.clock = clock;
    }

    /** The newest rows of somebody's own account, the newest first; as {@link AuditAbout#about} says. */
    public List<Entry> own(AccountId account, OptionalLong before, int most) {
        return told(account, about.about(account.value(), Optional.empty(), before, most));
    }

    /** The same for who acts now and is somebody else: that they look is a row too. */
    public List<Entry> another(AccountId account, OptionalLong before, int most) {
        return told(account, about.about(account.value(), Optional.of(Circumstances.current(clock)), before, most));
    }

    /** Names are asked for together. */
    private List<Entry> told(AccountId account, List<Told> rows) {
        Set<AccountId> actors = rows.stream()
                .map(Told::actor)
                .filter(it -> it.startsWith(ACCOUNT))
                .map(AccessLedger::id)
                .collect(Collectors.toSet());
        Map<AccountId, Account> known = directory.byIds(actors);
        return rows.stream().map(row -> new Entry(row, account, known)).toList();
    }

    private static AccountId id(String actor) {
        return new AccountId(UUID.fromString(actor.substring(ACCOUNT.length())));
    }

    /** A row, and the sentence that tells it. */
    public static final class Entry {
        private final Told row;
        private final AccountId account;
        private final Map<AccountId, Account> known;

        private Entry(Told row, AccountId account, Map<AccountId, Account> known) {
            this.row = row;
            this.account = account;
            this.known = known;
        }

        /** The row, as the trail has it. */
        public Told row() {
            return row;
        }

        /** What it says to the account's owner. */
        public String sentence(Locale language) {
            Messages messages = Messages.beside(AccessLedger.class, language);
            String where = row.protocol().map(it -> it + ", ").orElse("")
                    + row.network().orElse("");
            return messages.text(
                    kind(),
                    who(messages),
                    where,
                    row.act(),
                    row.counterpart()
                            .filter(it -> it.startsWith(ADDRESS))
                            .map(it -> it.substring(ADDRESS.length()))
                            .orElse(""));
        }

        private String who(Messages messages) {
            String actor = row.actor();
            if (actor.equals(new Actor.Program().text())) {
                return messages.text("program");
            }
            if (actor.startsWith(SYSTEM_USER)) {
                return messages.text("operator", actor.substring(SYSTEM_USER.length()));
            }
            if (!actor.startsWith(ACCOUNT)) {
                return messages.text("somebody");
            }
            AccountId id = id(actor);
            return id.equals(account)
                    ? messages.text("you")
                    : Optional.ofNullable(known.get(id))
                            .map(it -> messages.text(
                                    "person", it.displayName(), it.primary().toString()))
                            .orElseGet(() -> messages.text("somebody"));
        }

        /** Which sentence tells it. */
        private String kind() {
            if (row.act().equals("sign-in")) {
                return "sign-in."
                        + row.counterpart()
                                .filter(it -> it.startsWith(SECRET))
                                .map(it -> it.substring(SECRET.length()))
                                .filter(_ -> !row.outcome().equals("throttled")
                                        && !row.outcome().equals("busy"))
                                .map(it -> it.startsWith("token-") ? "token-refused" : it)
                                .orElse(row.outcome());
            }
            return TOLD.contains(row.act()) ? row.act() : "other";
        }
    }
}
