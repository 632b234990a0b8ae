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
import org.apache.james.jmap.api.change.Limit;
import org.apache.james.jmap.api.change.MailboxChange;
import org.apache.james.jmap.api.change.MailboxChangeRepository;
import org.apache.james.jmap.api.change.MailboxChanges;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.MailboxId;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.postgres.JmapStates.Account;
import tg.gouv.messagerie.mail.postgres.JmapStates.Shared;
import tg.gouv.messagerie.platform.database.Sql;

/** Which mailboxes of an account came, changed and went since a state, read out of the mailboxes themselves (JmapStates). */
final class PostgresMailboxChanges implements MailboxChangeRepository {
    /** Mailboxes that changed since, oldest change first; an account has hundreds at most. */
    private static final String CHANGED = """
            with o as (select ?::uuid as owner_id, ?::bigint as reached),
            changed as (
                select b.id, b.created_modseq, b.changed_modseq,
                    greatest(b.created_modseq, b.changed_modseq, k.counts_modseq) as modseq, false as gone
                from o join mailbox b using (owner_id) join mailbox_counter k on k.mailbox_id = b.id
                where greatest(b.created_modseq, b.changed_modseq, k.counts_modseq) > o.reached
                union all
                select d.mailbox_id, d.created_modseq, 0, d.modseq, true
                from o join destroyed_mailbox d using (owner_id)
                where d.modseq > o.reached and d.created_modseq <= o.reached)
            select a.salt, a.emails, a.mailboxes, a.forgotten, t.*
            from o join account_counter a using (owner_id) left join changed t on true order by t.modseq""";

    private final MailConnections connections;
    private final JmapStates states;

    PostgresMailboxChanges(MailConnections connections, JmapStates states) {
        this.connections = connections;
        this.states = states;
    }

    /** Refused: a change is what its transaction wrote. */
    @Override
    public Mono<Void> save(MailboxChange change) {
        return Mono.error(new UnsupportedOperationException("changes are read out of the mailboxes, not saved"));
    }

    @Override
    public Mono<State> getLatestState(AccountId account) {
        return connections.later(() -> latest(account));
    }

    private State latest(AccountId account) throws MailboxException {
        Optional<UUID> owner = states.owner(account);
        return owner.isEmpty() ? State.INITIAL : states.of(owner.get()).mailboxState();
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
        return JmapStates.together(latest(account), shared, JmapStates.MAILBOXES);
    }

    @Override
    public Mono<MailboxChanges> getSinceState(AccountId account, State state, Optional<Limit> maxChanges) {
        Limit limit = states.limit(maxChanges);
        return connections.later(() -> since(account, state, limit));
    }

    /** The same; from a state that others' mailboxes are part of, only that nothing changed can be told. */
    @Override
    public Mono<MailboxChanges> getSinceStateWithDelegation(
            AccountId account, State state, Optional<Limit> maxChanges) {
        Limit limit = states.limit(maxChanges);
        return connections.later(() -> {
            List<Shared> shared = shared(account);
            if (shared.isEmpty()) {
                return since(account, state, limit);
            }
            if (!state.equals(together(account, shared))) {
                throw JmapStates.unknown(state);
            }
            return new MailboxChanges.MailboxChangesBuilder(state, limit).build();
        });
    }

    private MailboxChanges since(AccountId account, State sent, Limit limit) throws MailboxException {
        JmapState from = JmapStates.demand(sent);
        Optional<UUID> owner = states.owner(account);
        List<Row> rows = owner.isEmpty() ? List.of() : read(owner.get(), from);
        Account known = rows.isEmpty() ? Account.NONE : rows.getFirst().account();
        known.demandKnown(from, sent, known.mailboxes());
        List<Row> changed = rows.stream().filter(row -> row.mailbox() != 0).toList();
        var answer = new MailboxChanges.MailboxChangesBuilder(known.mailboxState(), limit);
        for (int begin = 0, end; begin < changed.size(); begin = end) {
            long modSeq = changed.get(begin).modSeq();
            end = begin;
            while (end < changed.size() && changed.get(end).modSeq() == modSeq) {
                end++;
            }
            boolean last = end == changed.size();
            answer.add(change(
                    account,
                    last ? known.mailboxState() : from.upTo(known.salt(), modSeq),
                    from,
                    changed.subList(begin, end)));
        }
        return answer.build();
    }

    private List<Row> read(UUID owner, JmapState from) throws MailboxException {
        return connections.run(c -> Sql.query(c, Row::read, CHANGED, owner, from.reached()));
    }

    private static MailboxChange change(AccountId account, State state, JmapState from, List<Row> rows) {
        List<MailboxId> created = new ArrayList<>();
        List<MailboxId> updated = new ArrayList<>();
        List<MailboxId> destroyed = new ArrayList<>();
        for (Row row : rows) {
            MailboxId id = new PostgresMailboxId(row.mailbox());
            if (row.gone()) {
                destroyed.add(id);
            } else {
                (row.created() > from.since() ? created : updated).add(id);
            }
        }
        boolean countsOnly = rows.stream()
                .noneMatch(row -> row.gone() || row.created() > from.since() || row.changed() > from.reached());
        return MailboxChange.builder()
                .accountId(account)
                .state(state)
                .date(ZonedDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC))
                .isCountChange(countsOnly)
                .created(created)
                .updated(updated)
                .destroyed(destroyed)
                .build();
    }

    private record Row(Account account, long mailbox, long created, long changed, long modSeq, boolean gone) {
        static Row read(ResultSet row) throws SQLException {
            return new Row(
                    Account.read(row),
                    row.getLong("id"),
                    row.getLong("created_modseq"),
                    row.getLong("changed_modseq"),
                    row.getLong("modseq"),
                    row.getBoolean("gone"));
        }
    }
}
