package tg.gouv.messagerie.mail.delivery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeBodyPart;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.transfer.outgoing.Diagnosis;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingMail;
import tg.gouv.messagerie.mail.transfer.outgoing.Reports;
import tg.gouv.messagerie.mail.transfer.outgoing.Settlement;
import tg.gouv.messagerie.platform.language.Messages;

/** Tells senders, in French with English beside and for programs, what became of mail to other servers (RFC 3464, RFC 6522). */
public final class OutgoingReports implements Reports {
    private static final Session SESSION = Session.getInstance(new Properties());

    /** RFC 5322 section 3.3. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final String hostName;
    private final ZoneId zone;

    /**
     * In the name of this server.
     *
     * @param zone in which people are told times
     */
    public OutgoingReports(String hostName, ZoneId zone) {
        this.hostName = hostName;
        this.zone = zone;
    }

    /** What is told of one recipient. */
    private record Line(String recipient, Diagnosis why) {}

    @Override
    public byte[] undelivered(OutgoingMail mail, List<Settlement.Failed> failed, Instant now) {
        List<Line> lines = failed.stream()
                .map(each -> new Line(each.recipient(), each.why()))
                .toList();
        return report(mail, lines, "undelivered.subject", "outside.undelivered", "failed", null, now);
    }

    @Override
    public byte[] delayed(OutgoingMail mail, List<Settlement.Deferred> delayed, Instant until, Instant now) {
        List<Line> lines = delayed.stream()
                .map(each -> new Line(each.recipient(), each.why()))
                .toList();
        return report(mail, lines, "outside.delayed.subject", "outside.delayed", "delayed", until, now);
    }

    private byte[] report(
            OutgoingMail mail,
            List<Line> lines,
            String subject,
            String sentence,
            String action,
            @Nullable Instant until,
            Instant now) {
        try {
            MimeMessage reported = new MimeMessage(
                    SESSION, new ByteArrayInputStream(mail.octets().header()));
            MimeMultipart parts = new MimeMultipart(
                    "report; report-type=delivery-status",
                    words(lines, sentence, until),
                    fields(mail, lines, action, until, now),
                    DeliveryStatusNotification.header(Collections.list(reported.getAllHeaderLines())));
            AutomaticMessage report = new AutomaticMessage(
                            AutomaticMessage.REPLIED, "MAILER-DAEMON@" + hostName, mail.sender(), now, hostName)
                    .answering(reported)
                    .titled(messages(Locale.FRENCH).text(subject))
                    .reporting(parts);
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            report.writeTo(octets);
            return octets.toByteArray();
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("a report that we write in memory", e);
        }
    }

    private static Messages messages(Locale language) {
        return Messages.beside(OutgoingReports.class, language);
    }

    private MimeBodyPart words(List<Line> lines, String sentence, @Nullable Instant until) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(
                said(messages(Locale.FRENCH), lines, sentence, until)
                        + "\r\n"
                        + said(messages(Locale.ENGLISH), lines, sentence, until),
                "UTF-8");
        return part;
    }

    private String said(Messages messages, List<Line> lines, String sentence, @Nullable Instant until) {
        StringBuilder text = new StringBuilder(messages.text(sentence)).append("\r\n\r\n");
        for (Line line : lines) {
            text.append(reason(messages, line)).append("\r\n");
        }
        if (until != null) {
            String when = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                    .withLocale(messages.locale())
                    .format(until.atZone(zone));
            text.append("\r\n")
                    .append(messages.text("outside.delayed.until", when))
                    .append("\r\n");
        }
        return text.toString();
    }

    private static String reason(Messages messages, Line line) {
        Diagnosis why = line.why();
        Optional<String> known = Optional.of("outside.why." + why.status()).filter(messages::has);
        if (known.isPresent()) {
            return messages.text("outside.reason", line.recipient(), messages.text(known.get()))
                    + (why.replied() ? " (" + why.text() + ")" : "");
        }
        if (why.replied()) {
            return messages.text("outside.replied", line.recipient(), why.host().orElse("?"), why.text());
        }
        return messages.text(
                "outside.reason",
                line.recipient(),
                why.status().startsWith("4") ? messages.text("outside.why.later") : why.text());
    }

    private MimeBodyPart fields(
            OutgoingMail mail, List<Line> lines, String action, @Nullable Instant until, Instant now)
            throws MessagingException {
        StringBuilder fields = new StringBuilder();
        field(fields, "Reporting-MTA", "dns; " + hostName);
        field(fields, "Arrival-Date", DATE.format(utc(mail.enqueued())));
        for (Line line : lines) {
            Diagnosis why = line.why();
            fields.append("\r\n");
            field(fields, "Final-Recipient", "rfc822; " + line.recipient());
            field(fields, "Action", action);
            field(fields, "Status", why.status());
            why.host().ifPresent(host -> field(fields, "Remote-MTA", "dns; " + host));
            field(fields, "Diagnostic-Code", (why.replied() ? "smtp; " : "x-messagerie; ") + why.text());
            field(fields, "Last-Attempt-Date", DATE.format(utc(now)));
            if (until != null) {
                field(fields, "Will-Retry-Until", DATE.format(utc(until)));
            }
        }
        return DeliveryStatusNotification.part(
                fields.toString().getBytes(StandardCharsets.US_ASCII), "message/delivery-status");
    }

    private static ZonedDateTime utc(Instant at) {
        return at.atZone(ZoneOffset.UTC);
    }

    /** A field on one line, in ASCII (RFC 3464 section 2.1.1). */
    private static void field(StringBuilder fields, String name, String value) {
        fields.append(name)
                .append(": ")
                .append(value.replaceAll("[^\\x20-\\x7e]", "?"))
                .append("\r\n");
    }
}
