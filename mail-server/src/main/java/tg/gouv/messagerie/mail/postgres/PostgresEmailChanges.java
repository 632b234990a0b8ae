package tg.gouv.messagerie.mail.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.james.jmap.api.change.CanNotCalculateChangesException;
import org.apache.james.jmap.api.change.EmailChange;
import org.apache.james.jmap.api.change.EmailChangeRepository;
import org.apache.james.jmap.api.change.EmailChanges;
import org.apache.james.jmap.api.change.Limit;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.MessageId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.postgres.JmapStates.Account;
import tg.gouv.messagerie.mail.postgres.JmapStates.Shared;
import tg.gouv.messagerie.platform.database.Sql;

/** Which messages of an account came, changed and went since a state, read out of its mailboxes (JmapStates). */
final class PostgresEmailChanges implements EmailChangeRepository {
    /**
     * The rows that changed since, oldest first, and what they mean to the client: {@code there} is whether the message is
     * somewhere in the account now, {@code known} whether it was where the client began, {@code told} whether it was where
     * the client is.
     */
    private static final String CHANGED = """
            with o as (select ?::uuid as owner_id, ?::bigint as since, ?::bigint as reached),
            m as materialized (
                select b.id from o join mailbox b using (owner_id) join mailbox_counter k on k.mailbox_id = b.id
                    where k.highest_modseq > o.reached
                union all
                select d.mailbox_id from o join destroyed_mailbox d using (owner_id) where d.modseq > o.reached),
            shrunk as (
                select b.id from o join mailbox b using (owner_id) join mailbox_counter k on k.mailbox_id = b.id
                    where k.highest_modseq > o.since
                union all
                select d.mailbox_id from o join destroyed_mailbox d using (owner_id) where d.modseq > o.since),
            lost as materialized (
                select x.* from o, shrunk cross join lateral (
                    select e.message_id, e.created_modseq, e.modseq from expunged e
                    where e.mailbox_id = shrunk.id and e.modseq > (select since from o) and e.message_id is not null
                    offset 0) x -- so that the log of the whole State is not read
                where x.created_modseq <= o.reached),
            changed as (
                select x.modseq, x.message_id from o, m cross join lateral (
                    select p.modseq, p.message_id from mailbox_message p
                    where p.mailbox_id = m.id and p.modseq > (select reached from o) order by p.modseq limit ?) x
                union
                select x.modseq, x.message_id from o, m cross join lateral (
                    select e.modseq, e.message_id from expunged e
                    where e.mailbox_id = m.id and e.modseq > (select reached from o) and e.message_id is not null
                    order by e.modseq limit ?) x
                order by modseq limit ?)
            select a.salt, a.emails, a.mailboxes, a.forgotten, t.modseq, t.message_id,
                exists (select from mailbox_message p join mailbox b on b.id = p.mailbox_id
                    where p.message_id = t.message_id and b.owner_id = o.owner_id) as there,
                exists (select from mailbox_message p join mailbox b on b.id = p.mailbox_id
                    where p.message_id = t.message_id and b.owner_id = o.owner_id and p.created_modseq <= o.since)
                or t.message_id in (select l.message_id from lost l where l.created_modseq <= (select since from o))
                    as known,
                t.message_id in (select l.message_id from lost l where l.modseq > (select reached from o)) as told
            from o join account_counter a using (owner_id) left join changed t on true order by t.modseq""";

    /** So many rows are read at once, however little the client wants. */
    private static final int ROWS_LEAST = 200;

    private final MailConnections connections;
    private final JmapStates states;

    PostgresEmailChanges(MailConnections connections, JmapStates states) {
        this.connections = connections;
        this.states = states;
    }

    /** Refused: a change is what its transaction wrote. */
    @Override
    public Mono<Void> save(EmailChange change) {
        return Mono.error(new UnsupportedOperationException("changes are read out of the mailboxes, not saved"));
    }

    @Override
    public Mono<State> getLatestState(AccountId account) {
        return connections.later(() -> latest(account));
    }

    private State latest(AccountId account) throws MailboxException {
        Optional<UUID> owner = states.owner(account);
        return owner.isEmpty() ? State.INITIAL : states.of(owner.get()).emailState();
    }

    @Override
    public Mono<State> getLatestStateWithDelegation(AccountId account) {
        return connections.later(() -> together(account, shared(account)));
    }

    private List<Shared> shared(AccountId account) throws MailboxException {
        Optional<UUID> owner = states.owner(account);
        return owner.isEmpty() ? List.of() : states.sharedWith(owner.get());
    }

    private State together(AccountId account, List<Shared> shared) throws MailboxException {
        return JmapStates.together(latest(account), shared, JmapStates.EMAILS);
    }

    @Override
    public Mono<EmailChanges> getSinceState(AccountId account, State state, Optional<Limit> maxChanges) {
        return connections.later(() -> since(account, state, maxChanges));
    }

    /** The same; from a state that others' mailboxes are part of, only that nothing changed can be told. */
    @Override
    public Mono<EmailChanges> getSinceStateWithDelegation(AccountId account, State state, Optional<Limit> maxChanges) {
        return connections.later(() -> {
            List<Shared> shared = shared(account);
            if (shared.isEmpty()) {
                return since(account, state, maxChanges);
            }
            if (!state.equals(together(account, shared))) {
                throw JmapStates.unknown(state);
            }
            return new EmailChanges.Builder(state, states.most()).build();
        });
    }

    /** Who set no bound is told more than usual if a single change is that large, as when all of a mailbox is marked as read. */
    private EmailChanges since(AccountId account, State sent, Optional<Limit> asked) throws MailboxException {
        try {
            return since(account, sent, states.limit(asked));
        } catch (CanNotCalculateChangesException e) {
            if (asked.isPresent()) {
                throw e;
            }
            return since(account, sent, states.most());
        }
    }

    private EmailChanges since(AccountId account, State sent, Limit limit) throws MailboxException {
        JmapState from = JmapStates.demand(sent);
        Optional<UUID> owner = states.owner(account);
        int rowsMax = Math.max(ROWS_LEAST, 2 * limit.getValue() + 1); // a message that was moved has two
        while (true) {
            Part part = owner.isEmpty() ? Part.NOTHING : read(owner.get(), from, rowsMax);
            part.account().demandKnown(from, sent, part.account().emails());
            if (!part.cut() || part.changed().isEmpty() || part.tellsSomething()) {
                return answer(account, from, part, limit);
            }
            // Messages that came and went again: there is nothing to tell, and more to read.
            from = new JmapState(part.account().salt(), from.since(), part.reached());
        }
    }

    private Part read(UUID owner, JmapState from, int rowsMax) throws MailboxException {
        return Part.of(
                connections.run(c -> Sql.query(
                        c, Row::read, CHANGED, owner, from.since(), from.reached(), rowsMax, rowsMax, rowsMax)),
                rowsMax);
    }

    /** One change for each MODSEQ, for as long as James's limit has room. */
    private static EmailChanges answer(AccountId account, JmapState from, Part part, Limit limit) {
        State current = part.account().emailState();
        EmailChanges.Builder answer = new EmailChanges.Builder(current, limit);
        List<Row> rows = part.changed();
        for (int begin = 0, end; begin < rows.size(); begin = end) {
            long modSeq = rows.get(begin).modSeq();
            end = begin;
            while (end < rows.size() && rows.get(end).modSeq() == modSeq) {
                end++;
            }
            boolean last = end == rows.size() && !part.cut();
            State reached = last ? current : from.upTo(part.account().salt(), modSeq);
            answer.add(change(account, reached, rows.subList(begin, end)));
        }
        if (part.cut()) {
            answer.add(moreThan(limit, account, current));
        }
        return answer.build();
    }

    private static EmailChange change(AccountId account, State state, List<Row> rows) {
        List<MessageId> created = new ArrayList<>();
        List<MessageId> updated = new ArrayList<>();
        List<MessageId> destroyed = new ArrayList<>();
        for (Row row : rows) {
            MessageId id = new PostgresMessageId(row.messageId());
            if (row.there()) {
                (row.known() ? updated : created).add(id);
            } else if (row.told()) {
                destroyed.add(id);
            }
        }
        return builder(account, state)
                .created(created)
                .updated(updated)
                .destroyed(destroyed)
                .build();
    }

    /** Stands for the rows that were not read: the answer has no room for it, and says so. */
    private static EmailChange moreThan(Limit limit, AccountId account, State state) {
        List<MessageId> tooMany = IntStream.rangeClosed(0, limit.getValue())
                .<MessageId>mapToObj(number -> new PostgresMessageId(new UUID(0, number)))
                .toList();
        return builder(account, state).created(tooMany).build();
    }

    private static EmailChange.Builder builder(AccountId account, State state) {
        return EmailChange.builder()
                .accountId(account)
                .state(state)
                .date(ZonedDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC))
                .isDelegated(false);
    }

    /**
     * The rows that were read.
     *
     * @param changed of every MODSEQ all rows or none
     * @param cut whether there are more
     */
    private record Part(Account account, List<Row> changed, boolean cut) {
        static final Part NOTHING = new Part(Account.NONE, List.of(), false);

        static Part of(List<Row> rows, int rowsMax) {
            if (rows.isEmpty()) {
                return NOTHING;
            }
            List<Row> changed =
                    rows.stream().filter(row -> row.message() != null).toList();
            boolean cut = changed.size() == rowsMax;
            long incomplete = cut ? changed.getLast().modSeq() : Long.MAX_VALUE;
            return new Part(
                    rows.getFirst().account(),
                    changed.stream().filter(row -> row.modSeq() < incomplete).toList(),
                    cut);
        }

        boolean tellsSomething() {
            return changed.stream().anyMatch(row -> row.there() || row.told());
        }

        long reached() {
            return changed.getLast().modSeq();
        }
    }

    private record Row(
            Account account, long modSeq, @Nullable UUID message, boolean there, boolean known, boolean told) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    Account.read(row),
                    row.getLong("modseq"),
                    row.getObject("message_id", UUID.class),
                    row.getBoolean("there"),
                    row.getBoolean("known"),
                    row.getBoolean("told"));
        }

        UUID messageId() {
            if (message == null) {
                throw new IllegalStateException("a row without a message");
            }
            return message;
        }
    }
}
