package tg.gouv.messagerie.directory.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
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
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditAbout;
import tg.gouv.messagerie.platform.audit.AuditAbout.Told;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.AuditWalk;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.language.Messages;

/*
 * No query crosses schemas, and a part may have 70,000 accounts: the trail is walked from its end, a stretch at a time, and the directory is
 * asked which of the subjects of a stretch are in the part. A page looks at a bounded number of rows; where it stopped, the next one goes on.
 */
/**
 * What the audit trail tells of a part of the State, the newest first. May be called from any thread that may block; throws {@link
 * tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not answer.
 *
 * @param walk the trail
 * @param about what it tells of one account
 * @param places what belongs to the part
 * @param directory has the names
 * @param trail where it is written that somebody read
 */
public record PartLedger(
        AuditWalk walk,
        AuditAbout about,
        PartPlaces places,
        Rights rights,
        Directory directory,
        AuditTrail trail,
        InstantSource clock) {
    /** How many rows of the trail a page looks at. */
    public static final int LOOKED_MAX = 20_000;

    private static final int STRETCH = 2_000;

    /** So much later than a row may one be in the trail that began before it. */
    private static final Duration OUT_OF_ORDER = Duration.ofHours(1);

    private static final String ACCOUNT = "account:";
    private static final String MAILBOX = "mailbox:";
    private static final String SYSTEM_USER = "system-user:";

    /** Acts that have a sentence of their own. */
    public static final Set<String> TOLD = Set.of(
            "sign-in",
            "access",
            "sending",
            "refusal",
            "look-access",
            "look-state",
            "look-part",
            "mailbox-rights",
            "forwarding-begun",
            "forwarding-ended",
            "directory-person",
            "directory-entity",
            "directory-position",
            "directory-assignment",
            "directory-function-mailbox",
            "directory-group",
            "directory-account-state",
            "directory-password",
            "directory-unlock",
            "directory-activation-code-issued",
            "directory-activation-code-used",
            "directory-device-password-issued",
            "directory-device-password-revoked",
            "directory-second-factor-on",
            "directory-second-factor-off",
            "directory-sign-out",
            "directory-grant",
            "directory-revoke",
            "directory-departure",
            "directory-alias");

    /**
     * Which rows are wanted.
     *
     * @param act of this act alone, such as {@code directory-password}
     * @param person about this person alone, what they did when they signed in included
     * @param from what ended before is not wanted
     * @param until what began then or later is not wanted
     */
    public record Wanted(
            Optional<String> act, Optional<AccountId> person, Optional<Instant> from, Optional<Instant> until) {
        /** Every row. */
        public static final Wanted ALL = new Wanted(Optional.empty(), Optional.empty());

        /** Whenever it was. */
        public Wanted(Optional<String> act, Optional<AccountId> person) {
            this(act, person, Optional.empty(), Optional.empty());
        }

        private boolean isWhen(Told row) {
            return from.filter(row.ended()::isBefore).isEmpty()
                    && until.filter(it -> !row.began().isBefore(it)).isEmpty();
        }
    }

    /**
     * Some rows.
     *
     * @param next before which number the next page begins; absent, nothing is left. A page may hold few rows, or none, and have a next one:
     *     {@link #LOOKED_MAX} rows were looked at
     */
    public record Page(List<Entry> entries, OptionalLong next) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A page of the rows about what is now in an entity or below it. Who acts has the right {@code audit} there; that they read is a row of
     * the trail itself, which names the entity, written before anything is read.
     *
     * @param before only rows of lower numbers
     * @param most how many at most
     * @throws ProvisioningRefused if who acts may not, there is no such entity, or the person wanted is not in it
     */
    public Page of(EntityCode entity, Wanted wanted, OptionalLong before, int most) {
        rights.demand(Right.AUDIT, new Place.OfEntity(entity));
        if (!places.isThere(entity)) {
            throw new ProvisioningRefused(Reason.UNKNOWN_ENTITY, entity, entity);
        }
        wanted.person().ifPresent(person -> {
            if (places.within(entity, Set.of(ACCOUNT + person)).isEmpty()) {
                throw new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, person);
            }
        });
        trail.record(new AuditEvent.Look(
                Circumstances.current(clock),
                AuditEvent.Look.At.PART,
                new Subject(Subject.Kind.ENTITY, entity.value())));
        List<Told> kept = new ArrayList<>();
        OptionalLong end =
                wanted.from().map(it -> walk.since(it.minus(OUT_OF_ORDER))).orElse(OptionalLong.empty());
        OptionalLong next = before.isPresent()
                ? before
                : wanted.until().map(it -> walk.since(it.plus(OUT_OF_ORDER))).orElse(OptionalLong.empty());
        int looked = 0;
        do {
            AuditWalk.Stretch stretch = wanted.person().isPresent()
                    ? about(wanted.person().get(), wanted.act(), next)
                    : walk.stretch(next, wanted.act(), STRETCH);
            next = end.isPresent() && stretch.next().orElse(0) <= end.getAsLong()
                    ? OptionalLong.empty()
                    : stretch.next();
            looked += STRETCH;
            for (Told row : of(entity, wanted, stretch.rows())) {
                if (kept.size() == most) {
                    next = OptionalLong.of(kept.getLast().number());
                    break;
                }
                kept.add(row);
            }
        } while (kept.size() < most && next.isPresent() && looked < LOOKED_MAX);
        return new Page(named(kept), next);
    }

    /** A stretch of what is told of one account. */
    private AuditWalk.Stretch about(AccountId person, Optional<String> act, OptionalLong before) {
        List<Told> rows = about.about(person.value(), Optional.empty(), before, STRETCH);
        return new AuditWalk.Stretch(
                rows.stream()
                        .filter(row -> act.isEmpty() || act.get().equals(row.act()))
                        .toList(),
                rows.size() < STRETCH
                        ? OptionalLong.empty()
                        : OptionalLong.of(rows.getLast().number()));
    }

    private List<Told> of(EntityCode entity, Wanted wanted, List<Told> stretch) {
        List<Told> rows = stretch.stream().filter(wanted::isWhen).toList();
        if (wanted.person().isPresent() || rows.isEmpty()) {
            return rows;
        }
        Set<String> within =
                places.within(entity, rows.stream().map(Told::subject).collect(Collectors.toSet()));
        return rows.stream().filter(row -> within.contains(row.subject())).toList();
    }

    /** Names are asked for together. */
    private List<Entry> named(Collection<Told> rows) {
        Set<AccountId> accounts = new HashSet<>();
        for (Told row : rows) {
            id(row.actor()).ifPresent(accounts::add);
            id(row.subject()).ifPresent(accounts::add);
        }
        Map<AccountId, Account> known = directory.byIds(accounts);
        return rows.stream().map(row -> new Entry(row, known)).toList();
    }

    private static Optional<AccountId> id(String written) {
        String id = written.startsWith(ACCOUNT)
                ? written.substring(ACCOUNT.length())
                : written.startsWith(MAILBOX)
                        ? written.substring(MAILBOX.length()).split("/", 2)[0]
                        : "";
        try {
            return id.isEmpty() ? Optional.empty() : Optional.of(new AccountId(UUID.fromString(id)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** A row, and the sentence that tells it. */
    public static final class Entry {
        private final Told row;
        private final Map<AccountId, Account> known;

        private Entry(Told row, Map<AccountId, Account> known) {
            this.row = row;
            this.known = known;
        }

        /** The row, as the trail has it. */
        public Told row() {
            return row;
        }

        /** What it says to who answers for the part. */
        public String sentence(Locale language) {
            Messages messages = Messages.beside(AccessLedger.class, language);
            String kind = row.act().equals("sign-in")
                    ? "part.sign-in." + (row.outcome().equals("done") ? "done" : "refused")
                    : TOLD.contains(row.act()) ? "part." + row.act() : "part.other";
            return messages.text(kind, name(row.actor(), messages), name(row.subject(), messages), row.act());
        }

        private String name(String written, Messages messages) {
            if (written.equals(new Actor.Program().text())) {
                return messages.text("part.program");
            }
            if (written.startsWith(SYSTEM_USER)) {
                return messages.text("part.operator", written.substring(SYSTEM_USER.length()));
            }
            return id(written)
                    .map(id -> Optional.ofNullable(known.get(id))
                            .map(it -> messages.text(
                                    "person", it.displayName(), it.primary().toString()))
                            .orElseGet(() -> messages.text("part.somebody")))
                    .orElseGet(() -> written.startsWith("entity:")
                                    || written.startsWith("position:")
                                    || written.startsWith("group:")
                            ? written.substring(written.indexOf(':') + 1)
                            : messages.text("part.somebody"));
        }
    }
}
