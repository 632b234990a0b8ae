package tg.gouv.messagerie.mail.delivery;

import java.io.ByteArrayInputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Letter;

/** A message that a program writes in somebody's name, and says so: {@code Auto-Submitted} (RFC 3834 section 5). */
public final class AutomaticMessage extends MimeMessage {
    /** An answer to a message. */
    static final String REPLIED = "auto-replied";

    /** A message of its own accord. */
    static final String GENERATED = "auto-generated";

    private static final Session SESSION = Session.getInstance(new Properties());
    private static final Pattern MESSAGE_ID = Pattern.compile("<[^<>\\s]{1,250}@[^<>\\s]{1,250}>");

    /** The oldest are left out: a field stays far below the length of a line. */
    private static final int REFERENCES_MAX = 20;

    private static final int SUBJECT_MAX = 200;

    private final String hostName;
    private UUID id = UUID.randomUUID();

    /**
     * A message without a subject and a text yet.
     *
     * @param hostName ends its Message-ID
     */
    AutomaticMessage(String kind, String from, String to, Instant date, String hostName) throws MessagingException {
        super(SESSION);
        this.hostName = hostName;
        setHeader("Auto-Submitted", kind);
        setHeader("From", from);
        setHeader("To", to);
        setSentDate(Date.from(date));
    }

    /** A letter of the program, written at this moment; the same one has the same Message-ID. */
    public static MimeMessage of(Letter letter, Instant date) throws MessagingException, UnsupportedEncodingException {
        AutomaticMessage message = new AutomaticMessage(
                GENERATED,
                new InternetAddress(letter.from().toString(), letter.fromName(), "UTF-8").toString(),
                letter.recipients().stream().map(MailAddress::toString).collect(Collectors.joining(",\r\n ")),
                date,
                letter.from().domain());
        message.id = letter.id();
        return message.titled(letter.subject()).saying(letter.text());
    }

    /** The subject on one line, whatever was in the text: a decoded one may contain line ends. */
    AutomaticMessage titled(String subject) throws MessagingException {
        String line = subject.replaceAll("\\p{Cntrl}+", " ").strip();
        setSubject(line.length() <= SUBJECT_MAX ? line : line.substring(0, SUBJECT_MAX) + "\u2026", "UTF-8");
        return this;
    }

    /** Names the message that it answers (RFC 5322 section 3.6.4). */
    AutomaticMessage answering(MimeMessage message) throws MessagingException {
        List<String> its = ids(message, "Message-ID");
        if (its.size() == 1) {
            List<String> thread = new ArrayList<>(ids(message, "References"));
            if (thread.isEmpty()) {
                thread.addAll(ids(message, "In-Reply-To"));
            }
            thread.addAll(its);
            setHeader("In-Reply-To", its.getFirst());
            setHeader(
                    "References",
                    String.join("\r\n ", thread.subList(Math.max(0, thread.size() - REFERENCES_MAX), thread.size())));
        }
        return this;
    }

    private static List<String> ids(MimeMessage message, String name) throws MessagingException {
        String field = message.getHeader(name, " ");
        List<String> ids = new ArrayList<>();
        Matcher found = MESSAGE_ID.matcher(field == null ? "" : field);
        while (found.find()) {
            ids.add(found.group());
        }
        return ids;
    }

    AutomaticMessage saying(String plain) throws MessagingException {
        setText(lines(plain), "UTF-8");
        saveChanges();
        return this;
    }

    /** Ends every line as mail does (RFC 5322 section 2.1). */
    private static String lines(String text) {
        String lines = text.replaceAll("\r\n|\r|\n", "\r\n");
        return lines.endsWith("\r\n") ? lines : lines + "\r\n";
    }

    /** The same in two forms, the better one last (RFC 2046 section 5.1.4). */
    AutomaticMessage saying(String plain, String html) throws MessagingException {
        MimeBodyPart first = new MimeBodyPart();
        first.setText(lines(plain), "UTF-8");
        MimeBodyPart last = new MimeBodyPart();
        last.setText(lines(html), "UTF-8", "html");
        setContent(new MimeMultipart("alternative", first, last));
        saveChanges();
        return this;
    }

    /** Several parts. */
    AutomaticMessage reporting(MimeMultipart parts) throws MessagingException {
        setContent(parts);
        saveChanges();
        return this;
    }

    /** A MIME entity with header fields of its own. */
    AutomaticMessage sayingEntity(String mime) throws MessagingException {
        MimeBodyPart entity = new MimeBodyPart(new ByteArrayInputStream(mime.getBytes(StandardCharsets.UTF_8)));
        setDataHandler(entity.getDataHandler());
        setHeader("Content-Type", entity.getContentType());
        if (entity.getEncoding() != null) {
            setHeader("Content-Transfer-Encoding", entity.getEncoding());
        }
        saveChanges();
        return this;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", "<" + id + "@" + hostName + ">");
    }
}
