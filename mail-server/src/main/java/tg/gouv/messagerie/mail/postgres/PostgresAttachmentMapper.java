package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mailbox.exception.AttachmentNotFoundException;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.AttachmentId;
import org.apache.james.mailbox.model.AttachmentMetadata;
import org.apache.james.mailbox.model.MessageAttachmentMetadata;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.ParsedAttachment;
import org.apache.james.mailbox.store.mail.AttachmentMapper;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * An attachment has no copy of its own: its id is the message's and a number, « UUID_2 », and its bytes are parsed out of the
 * message again by the parser that numbered them.
 */
/** The attachments of messages, read out of the messages themselves. */
final class PostgresAttachmentMapper implements AttachmentMapper {
    private static final Pattern ID = Pattern.compile("([0-9a-f-]{36})_(\\d{1,4})");

    private final MailConnections connections;
    private final Bodies bodies;
    private final MessageParser parser;

    PostgresAttachmentMapper(MailConnections connections, Bodies bodies, MessageParser parser) {
        this.connections = connections;
        this.bodies = bodies;
        this.parser = parser;
    }

    /** Which attachment of which message. */
    private record Place(UUID message, int number) {
        static Optional<Place> of(AttachmentId id) {
            Matcher written = ID.matcher(id.getId());
            return written.matches()
                    ? Optional.of(new Place(UUID.fromString(written.group(1)), Integer.parseInt(written.group(2))))
                    : Optional.empty();
        }
    }

    @Override
    public InputStream loadAttachmentContent(AttachmentId id) throws AttachmentNotFoundException, IOException {
        Place place = Place.of(id).orElseThrow(() -> new AttachmentNotFoundException(id.getId()));
        try (InputStream message =
                message(place.message()).orElseThrow(() -> new AttachmentNotFoundException(id.getId()))) {
            MessageParser.ParsingResult parsed = parser.retrieveAttachments(message);
            try {
                List<ParsedAttachment> attachments = parsed.getAttachments();
                if (place.number() >= attachments.size()) {
                    throw new AttachmentNotFoundException(id.getId());
                }
                return new ByteArrayInputStream(
                        attachments.get(place.number()).getContent().read());
            } finally {
                parsed.dispose(); // what the parser put aside
            }
        } catch (AttachmentNotFoundException e) {
            throw e;
        } catch (MailboxException e) {
            throw new IOException("attachment " + id.getId() + " cannot be read", e);
        }
    }

    private Optional<InputStream> message(UUID id) throws MailboxException {
        return connections.run(c -> Sql.first(
                c,
                row -> (InputStream) new SequenceInputStream(
                        new ByteArrayInputStream(row.getBytes("header")),
                        bodies.open(
                                row.getObject("id", UUID.class),
                                row.getBytes("sha256"),
                                row.getBytes("bytes"),
                                row.getObject("object", UUID.class))),
                """
                select m.header, b.id, b.sha256, b.bytes, b.object from message m join body b on b.id = m.body_id
                where m.id = ?
                """,
                id));
    }

    @Override
    public AttachmentMetadata getAttachment(AttachmentId id) throws AttachmentNotFoundException {
        return getAttachments(List.of(id)).stream()
                .findFirst()
                .orElseThrow(() -> new AttachmentNotFoundException(id.getId()));
    }

    @Override
    public List<AttachmentMetadata> getAttachments(Collection<AttachmentId> ids) {
        UUID[] messages = ids.stream()
                .flatMap(id -> Place.of(id).stream())
                .map(Place::message)
                .distinct()
                .toArray(UUID[]::new);
        try {
            return connections
                    .run(c -> Sql.query(
                            c,
                            row -> MessageRows.attachments(
                                    row.getString(2), new PostgresMessageId(row.getObject(1, UUID.class))),
                            "select id, attachments from message where id = any(?)",
                            (Object) messages))
                    .stream()
                    .flatMap(List::stream)
                    .map(MessageAttachmentMetadata::getAttachment)
                    .filter(attachment -> ids.contains(attachment.getAttachmentId()))
                    .toList();
        } catch (MailboxException e) {
            throw new IllegalStateException(e); // James's interface knows no other failure
        }
    }

    /** Gives the attachments of a message their ids; the message itself is stored with their description. */
    @Override
    public List<MessageAttachmentMetadata> storeAttachments(Collection<ParsedAttachment> parsed, MessageId owner)
            throws MailboxException {
        try {
            List<MessageAttachmentMetadata> named = new ArrayList<>();
            for (ParsedAttachment attachment : parsed) {
                AttachmentId id = AttachmentId.from(owner.serialize() + "_" + named.size());
                named.add(attachment.asMessageAttachment(id, owner));
            }
            return named;
        } catch (IOException e) {
            throw new MailboxException("an attachment cannot be read", e);
        }
    }

    @Override
    public Mono<List<MessageAttachmentMetadata>> storeAttachmentsReactive(
            Collection<ParsedAttachment> parsed, MessageId owner) {
        return Mono.fromCallable(() -> storeAttachments(parsed, owner));
    }

    @Override
    public Collection<MessageId> getRelatedMessageIds(AttachmentId id) {
        return Place.of(id)
                .map(place -> List.<MessageId>of(new PostgresMessageId(place.message())))
                .orElse(List.of());
    }
}
