package tg.gouv.messagerie.mail.postgres;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.mailbox.exception.AttachmentNotFoundException;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.AttachmentId;
import org.apache.james.mailbox.model.AttachmentMetadata;
import org.apache.james.mailbox.model.MessageAttachmentMetadata;
import org.apache.james.mailbox.model.MessageId;
import org.apache.james.mailbox.model.ParsedAttachment;
import org.apache.james.mailbox.store.mail.AttachmentMapper;
import org.apache.james.mailbox.store.mail.model.impl.MessageParser;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * Attachments are read out of their message, by the parser that listed them; no second copy of their bytes is kept.
 *
 * <p>An attachment's id is its message's id, an underscore, and its place among the message's attachments, from 0.
 */
final class PostgresAttachmentMapper implements AttachmentMapper {
    private final MailConnections connections;
    private final Bodies bodies;
    private final MessageParser parser = new MessageParser();

    PostgresAttachmentMapper(MailConnections connections, Bodies bodies) {
        this.connections = connections;
        this.bodies = bodies;
    }

    private record Place(PostgresMessageId message, int index) {
        static Optional<Place> of(AttachmentId id) {
            String text = id.getId();
            int underscore = text.indexOf('_');
            if (underscore < 0) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Place(
                        new PostgresMessageId(UUID.fromString(text.substring(0, underscore))),
                        Integer.parseUnsignedInt(text, underscore + 1, text.length(), 10)));
            } catch (IllegalArgumentException e) {
                return Optional.empty(); // not one of ours
            }
        }

        AttachmentId id() {
            return AttachmentId.from(message.serialize() + "_" + index);
        }
    }

    @Override
    public InputStream loadAttachmentContent(AttachmentId id) throws AttachmentNotFoundException, IOException {
        Place place = Place.of(id).orElseThrow(() -> new AttachmentNotFoundException(id.getId()));
        MessageParser.ParsingResult parsed = parser.retrieveAttachments(content(place, id));
        List<ParsedAttachment> attachments = parsed.getAttachments();
        if (place.index() < 0 || place.index() >= attachments.size()) {
            parsed.dispose();
            throw new AttachmentNotFoundException(id.getId());
        }
        return new FilterInputStream(attachments.get(place.index()).getContent().openStream()) {
            @Override
            public void close() throws IOException {
                super.close();
                parsed.dispose();
            }
        };
    }

    @Override
    public Mono<InputStream> loadAttachmentContentReactive(AttachmentId id) {
        return connections.later(() -> loadAttachmentContent(id));
    }

    @Override
    public AttachmentMetadata getAttachment(AttachmentId id) throws AttachmentNotFoundException {
        demandId(id);
        return metadata(id).orElseThrow(() -> new AttachmentNotFoundException(id.getId()));
    }

    @Override
    public Mono<AttachmentMetadata> getAttachmentReactive(AttachmentId id) {
        demandId(id);
        return connections.later(() -> getAttachment(id));
    }

    @Override
    public List<AttachmentMetadata> getAttachments(Collection<AttachmentId> ids) {
        demandId(ids);
        return ids.stream().flatMap(id -> metadata(id).stream()).toList();
    }

    /** Gives the attachments of a message their ids; what is listed is stored with the message. */
    @Override
    public List<MessageAttachmentMetadata> storeAttachments(Collection<ParsedAttachment> attachments, MessageId message)
            throws MailboxException {
        try {
            List<MessageAttachmentMetadata> stored = new ArrayList<>();
            for (ParsedAttachment attachment : attachments) {
                AttachmentId id = new Place((PostgresMessageId) message, stored.size()).id();
                stored.add(attachment.asMessageAttachment(id, message));
            }
            return stored;
        } catch (IOException e) {
            throw new MailboxException("An attachment could not be read", e);
        }
    }

    @Override
    public Mono<List<MessageAttachmentMetadata>> storeAttachmentsReactive(
            Collection<ParsedAttachment> attachments, MessageId message) {
        return connections.later(() -> storeAttachments(attachments, message));
    }

    @Override
    public Collection<MessageId> getRelatedMessageIds(AttachmentId id) {
        return metadata(id).stream().map(AttachmentMetadata::getMessageId).toList();
    }

    private Optional<AttachmentMetadata> metadata(AttachmentId id) {
        Optional<Place> place = Place.of(id);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        try {
            return connections
                    .run(c -> Sql.first(
                            c,
                            row -> row.getString(1),
                            "select attachments from message where id = ?",
                            place.get().message().value()))
                    .stream()
                    .flatMap(json -> MessageJson.attachments(json, place.get().message()).stream())
                    .map(MessageAttachmentMetadata::getAttachment)
                    .filter(each -> each.getAttachmentId().equals(id))
                    .findFirst();
        } catch (MailboxException e) {
            throw new IllegalStateException(e.getMessage(), e); // James's interface declares no other
        }
    }

    private InputStream content(Place place, AttachmentId id) throws AttachmentNotFoundException, IOException {
        try {
            return connections
                    .run(c -> Sql.first(
                            c,
                            row -> StoredContent.whole(
                                    0,
                                    row.getBytes("header"),
                                    new StoredContent.Body(
                                            bodies,
                                            row.getObject("id", UUID.class),
                                            row.getBytes("sha256"),
                                            row.getBytes("bytes"),
                                            row.getObject("object", UUID.class))),
                            "select m.header, b.id, b.sha256, b.bytes, b.object from message m"
                                    + " join body b on b.id = m.body_id where m.id = ?",
                            place.message().value()))
                    .orElseThrow(() -> new AttachmentNotFoundException(id.getId()))
                    .getInputStream();
        } catch (AttachmentNotFoundException e) {
            throw e;
        } catch (MailboxException e) {
            throw new IOException(e);
        }
    }

    private static void demandId(@Nullable Object id) {
        if (id == null) {
            throw new IllegalArgumentException("an attachment's id is needed"); // James's contract
        }
    }
}
