package tg.gouv.messagerie.platform.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.audit.AuditAbout.Told;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Walks the table {@code audit_event} by its numbers, which have no gap: a stretch of them bounds what is read. */
record TrailWalk(Connections connections) implements AuditWalk {
    @Override
    public Stretch stretch(OptionalLong before, Optional<String> act, int rows) {
        return connections.autoCommit(c -> {
            long below = before.isPresent()
                    ? before.getAsLong()
                    : Sql.first(c, row -> row.getLong(1) + 1, "select last_number from audit_chain")
                            .orElse(1L);
            long from = Math.max(1, below - rows);
            @Nullable String wanted = act.orElse(null);
            List<Told> told =
                    Sql.query(c, TrailAbout::told, "select number, " + Row.COLUMNS + """
                     from audit_event where number >= ? and number < ? and (?::text is null or act = ?)
                        and split_part(subject, ':', 1) in ('account', 'mailbox', 'entity', 'position', 'group')
                    order by number desc
                    """, from, below, wanted, wanted);
            return new Stretch(told, from > 1 ? OptionalLong.of(from) : OptionalLong.empty());
        });
    }

    @Override
    public OptionalLong since(Instant moment) {
        return connections.autoCommit(
                c -> Sql.first(c, row -> OptionalLong.of(row.getLong(1)), """
                        select coalesce((select number from audit_event where began >= ? order by began limit 1),
                            (select last_number + 1 from audit_chain), 1)
                        """, moment.atOffset(ZoneOffset.UTC))
                        .orElse(OptionalLong.empty()));
    }
}
