package tg.gouv.messagerie.mail.postgres;

import static tg.gouv.messagerie.mail.postgres.PostgresMailboxId.number;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.Limit;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.exception.ChangeNotFoundException;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.mailbox.exception.MailboxException;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Nothing is written for JMAP when mail changes, but the number that the change takes (AccountCounter), in its own transaction:
 * states and changes are read out of the rows that IMAP reads, so neither a crash nor a lost event can hide a message from a
 * client. The account's lock makes the order of MODSEQs the order of commits: who sees one sees all before it.
 *
 * A client that was told everything up to S, and now what came up to T, was told too little only if something that changed after
 * T is told at no later time; so an answer may be cut at any T, and goes on from T. That a message is created for the client, and
 * not updated, is judged by where the client began (JmapState.since), in every part of a cut answer: it may hear a second time
 * that it was created, and never hears of a change of something it does not know.
 */
/** How far the changes of an account have come, and the state of each kind of thing that JMAP shows of it. */
final class JmapStates {
    /** The MODSEQ of what others share that belongs to the state of messages, and to that of mailboxes. */
    static final ToLongFunction<Shared> EMAILS = Shared::highestModSeq;

    static final ToLongFunction<Shared> MAILBOXES = each -> Math.max(each.changedModSeq(), each.countsModSeq());

    /** A client that asks for more changes at once than usual gets so many times as many at most. */
    private static final int ASKED_MAX = 10;

    private static final String STATES = "select q.number, " + Account.COLUMNS + """
            , b.acl,
                exists (select from jmap_push_subscription s where s.owner_id = a.owner_id)
                or exists (select from delegation d join jmap_push_subscription s on s.owner_id = d.delegate_id
                    where d.owner_id = a.owner_id) as pushed
            from unnest(?::uuid[], ?::bigint[]) with ordinality q(owner_id, mailbox_id, number)
            join account_counter a on a.owner_id = q.owner_id
            left join mailbox b on b.id = q.mailbox_id and b.acl <> '{}'""";

    private final MailConnections connections;
    private final AccountNames accounts;
    private final Limit usual;

    JmapStates(MailConnections connections, AccountNames accounts, Limit usual) {
        this.connections = connections;
        this.accounts = accounts;
        this.usual = usual;
    }

    /** A row of {@code account_counter}. */
    record Account(int salt, long emails, long mailboxes, long forgotten) {
        static final String COLUMNS = "a.salt, a.emails, a.mailboxes, a.forgotten";

        /** Of an account in whose mailboxes nothing has happened. */
        static final Account NONE = new Account(0, 0, 0, 0);

        static Account read(ResultSet row) throws SQLException {
            return new Account(
                    row.getInt("salt"), row.getLong("emails"), row.getLong("mailboxes"), row.getLong("forgotten"));
        }

        State emailState() {
            return JmapState.current(salt, emails);
        }

        State mailboxState() {
            return JmapState.current(salt, mailboxes);
        }

        /**
         * Refuses a state of which not all changes are known (RFC 8620 section 5.2, cannotCalculateChanges).
         *
         * @param sent as the client sent it
         */
        void demandKnown(JmapState state, State sent, long highest) {
            boolean ours = state.reached() < 0 || (state.salt() == salt && state.reached() <= highest);
            boolean known = (state.fromNothing() || state.since() >= forgotten)
                    && (state.reached() < 0 || state.reached() >= forgotten);
            if (!ours || !known) {
                throw unknown(sent);
            }
        }
    }

    static ChangeNotFoundException unknown(State sent) {
        return new ChangeNotFoundException(sent, "What changed since this state is not known");
    }

    static JmapState demand(State sent) {
        return JmapState.read(sent).orElseThrow(() -> unknown(sent));
    }

    /** How many changes one answer tells. */
    Limit limit(Optional<Limit> asked) {
        return asked.map(limit -> Limit.of(Math.min(limit.getValue(), most().getValue())))
                .orElse(usual);
    }

    /** How many changes one answer tells at most. */
    Limit most() {
        return Limit.of(ASKED_MAX * usual.getValue());
    }

    /** The owner of mailboxes whom James means, if there is one. */
    Optional<UUID> owner(AccountId account) {
        return accounts.account(Username.of(account.getIdentifier()))
                .map(tg.gouv.messagerie.directory.AccountId::value);
    }

    /** The row of an account, which nobody changes until the transaction ends; every change of its mailboxes locks it. */
    static Account lock(Connection c, UUID owner) throws SQLException {
        return Sql.first(
                        c,
                        Account::read,
                        "select " + Account.COLUMNS + " from account_counter a where a.owner_id = ? for update",
                        owner)
                .orElse(Account.NONE);
    }

    /** The state of an account together with what others share with it. */
    State withShared(Connection c, UUID owner, StateCondition.Kind kind, State own) throws SQLException {
        return together(own, sharedWith(c, owner), kind == StateCondition.Kind.EMAILS ? EMAILS : MAILBOXES);
    }

    Account of(UUID owner) throws MailboxException {
        return connections
                .run(c -> Sql.first(
                        c,
                        Account::read,
                        "select " + Account.COLUMNS + " from account_counter a where a.owner_id = ?",
                        owner))
                .orElse(Account.NONE);
    }

    /** The states of accounts, and who shares the mailboxes, in one statement; nothing is said of an account that does not exist. */
    Map<ChangedMailbox, AccountState> states(Collection<ChangedMailbox> changed) throws MailboxException {
        List<ChangedMailbox> places = new ArrayList<>();
        List<UUID> owners = new ArrayList<>();
        for (ChangedMailbox place : changed) {
            accounts.account(place.owner()).ifPresent(owner -> {
                places.add(place);
                owners.add(owner.value());
            });
        }
        if (places.isEmpty()) {
            return Map.of();
        }
        Map<ChangedMailbox, Sharing> found = new LinkedHashMap<>();
        places.forEach(place -> found.put(place, Sharing.NONE));
        connections.run(c -> Sql.query(
                c,
                row -> found.put(places.get(row.getInt("number") - 1), Sharing.read(row)),
                STATES,
                owners.toArray(UUID[]::new),
                places.stream().map(place -> number(place.mailbox())).toArray(Long[]::new)));
        Map<ChangedMailbox, AccountState> states = new LinkedHashMap<>();
        found.forEach((place, sharing) -> states.put(
                place,
                new AccountState(
                        sharing.account().emailState(),
                        sharing.account().mailboxState(),
                        sharees(sharing),
                        sharing.pushed())));
        return states;
    }

    private Set<Username> sharees(Sharing sharing) {
        return sharing.acl() == null
                ? Set.of()
                : Set.copyOf(accounts.names(AclColumn.accounts(AclColumn.read(sharing.acl()))
                                .toList())
                        .values());
    }

    private record Sharing(Account account, @Nullable String acl, boolean pushed) {
        static final Sharing NONE = new Sharing(Account.NONE, null, false);

        static Sharing read(ResultSet row) throws SQLException {
            return new Sharing(Account.read(row), row.getString("acl"), row.getBoolean("pushed"));
        }
    }

    /** A mailbox of somebody else that this account may see. */
    record Shared(long mailbox, int salt, long highestModSeq, long changedModSeq, long countsModSeq) {
        static Shared read(ResultSet row) throws SQLException {
            return new Shared(
                    row.getLong("id"),
                    row.getInt("salt"),
                    row.getLong("highest_modseq"),
                    row.getLong("changed_modseq"),
                    row.getLong("counts_modseq"));
        }
    }

    /** The mailboxes that others share with an account. */
    List<Shared> sharedWith(UUID account) throws MailboxException {
        return connections.run(c -> sharedWith(c, account));
    }

    private static List<Shared> sharedWith(Connection c, UUID account) throws SQLException {
        return Sql.query(
                c,
                Shared::read,
                "select b.id, a.salt, k.highest_modseq, b.changed_modseq, k.counts_modseq from mailbox b"
                        + " join mailbox_counter k on k.mailbox_id = b.id"
                        + " join account_counter a on a.owner_id = b.owner_id"
                        + " where b.acl <> '{}' and b.acl ?? ? and b.owner_id <> ? order by b.id",
                account.toString(),
                account);
    }

    /**
     * A state of what an account sees of its own and of others: their MODSEQs have no common order, so it can be compared and
     * nothing can be calculated from it. Without shared mailboxes it is the account's own.
     */
    static State together(State own, List<Shared> shared, ToLongFunction<Shared> modSeq) {
        if (shared.isEmpty()) {
            return own;
        }
        StringBuilder all = new StringBuilder(own.getValue().toString());
        for (Shared each : shared) {
            all.append(' ')
                    .append(each.mailbox())
                    .append(':')
                    .append(each.salt())
                    .append(':')
                    .append(modSeq.applyAsLong(each));
        }
        return State.of(UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.US_ASCII)));
    }
}
