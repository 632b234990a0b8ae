package tg.gouv.messagerie.mail.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.mail.Flags;
import javax.mail.Flags.Flag;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.KeptMail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** What the schema {@code mail} keeps of an account. */
final class PostgresKeptMail implements KeptMail {
    private static final UidRange ALL = new UidRange(0, Long.MAX_VALUE);

    private static final Map<Flag, String> NAMES = Map.of(
            Flag.ANSWERED, "\\Answered",
            Flag.DELETED, "\\Deleted",
            Flag.DRAFT, "\\Draft",
            Flag.FLAGGED, "\\Flagged",
            Flag.SEEN, "\\Seen");

    private final Connections connections;
    private final MailConnections pages;
    private final MessageRows rows;
    private final long pageBytes;

    PostgresKeptMail(Connections connections, MailConnections pages, MessageRows rows, long pageBytes) {
        this.connections = connections;
        this.pages = pages;
        this.rows = rows;
        this.pageBytes = pageBytes;
    }

    private record Named(long id, String name) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Script(String name, boolean active, byte[] content) {}

    @Override
    public void read(AccountId owner, Reader reader) throws IOException {
        List<Named> mailboxes = connections.autoCommit(c -> Sql.query(
                c,
                row -> new Named(row.getLong(1), row.getString(2)),
                "select id, name from mailbox where owner_id = ? order by name, id",
                owner.value()));
        for (Named mailbox : mailboxes) {
            reader.mailbox(mailbox.name(), each -> read(mailbox.id(), each));
        }
        for (Script script : connections.autoCommit(c -> Sql.query(
                c,
                row -> new Script(row.getString(1), row.getBoolean(2), row.getBytes(3)),
                "select name, activated is not null, content from sieve_script where owner_id = ? order by name",
                owner.value()))) {
            reader.filter(script.name(), script.active(), script.content());
        }
        Optional<Absence> absence = connections.autoCommit(c -> absence(c, owner));
        if (absence.isPresent()) {
            reader.absence(absence.get());
        }
    }

    private void read(long mailbox, Each each) throws IOException {
        MessagePages messages = new MessagePages(pages, rows, FetchType.FULL, mailbox, ALL, 0, pageBytes);
        try {
            for (List<MailboxMessage> page = messages.next(); !page.isEmpty(); page = messages.next()) {
                for (MailboxMessage message : page) {
                    try (InputStream octets = message.getFullContent()) {
                        each.message(new Message(
                                message.getUid().asLong(),
                                message.getInternalDate().toInstant(),
                                flags(message.createFlags()),
                                octets));
                    }
                }
            }
        } catch (MailboxException e) {
            throw new IOException("mailbox " + mailbox + " cannot be read", e);
        }
    }

    private static List<String> flags(Flags flags) {
        List<String> names = new ArrayList<>();
        for (Flag flag : flags.getSystemFlags()) {
            Optional.ofNullable(NAMES.get(flag)).ifPresent(names::add);
        }
        names.sort(null);
        names.addAll(List.of(flags.getUserFlags()));
        return names;
    }

    private static Optional<Absence> absence(Connection c, AccountId owner) throws SQLException {
        return Sql.first(
                c,
                row -> new Absence(
                        row.getBoolean(1),
                        moment(row.getObject(2, OffsetDateTime.class)),
                        moment(row.getObject(3, OffsetDateTime.class)),
                        text(row.getString(4)),
                        text(row.getString(5)),
                        text(row.getString(6)),
                        text(row.getString(7))),
                "select enabled, from_date, to_date, subject, text_body, html_body, outside_text from vacation"
                        + " where owner_id = ?",
                owner.value());
    }

    private static Optional<Instant> moment(@Nullable OffsetDateTime time) {
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }

    private static Optional<String> text(@Nullable String column) {
        return Optional.ofNullable(column);
    }
}
