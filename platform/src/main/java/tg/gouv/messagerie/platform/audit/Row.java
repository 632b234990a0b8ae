package tg.gouv.messagerie.platform.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/*
 * The encoding, version 1, is what digests are computed over and is never changed; another one gets another number. In this
 * order, integers big-endian: the version (1 byte); the id (16 bytes); began, ended (8 bytes each, microseconds since 1970);
 * times (8 bytes); then act, actor, onBehalfOf, subject, counterpart, network, protocol, outcome, each as its length in bytes
 * (4 bytes; -1 and nothing more if absent) and its UTF-8. So no two rows have the same encoding.
 */
/**
 * A row of the trail.
 *
 * @param format the version of the encoding
 * @param began when it happened, or the first time
 * @param ended the last time
 * @param times how often, 1 or more
 */
record Row(UUID id, int format, Instant began, Instant ended, long times, Facts facts) {
    static final int FORMAT = 1;

    /** The columns in the order that {@link #read} expects, for a select. */
    static final String COLUMNS = "id, format, began, ended, times, act, actor, on_behalf_of, subject, counterpart,"
            + " network, protocol, outcome";

    /** An event that happened once. */
    static Row of(UUID id, AuditEvent event) {
        Instant at = event.circumstances().at();
        return new Row(id, FORMAT, at, at, 1, Facts.of(event));
    }

    /** Reads {@link #COLUMNS}. */
    static Row read(ResultSet row) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getInt("format"),
                row.getObject("began", OffsetDateTime.class).toInstant(),
                row.getObject("ended", OffsetDateTime.class).toInstant(),
                row.getLong("times"),
                new Facts(
                        row.getString("act"),
                        row.getString("actor"),
                        row.getString("on_behalf_of"),
                        row.getString("subject"),
                        row.getString("counterpart"),
                        row.getString("network"),
                        row.getString("protocol"),
                        row.getString("outcome")));
    }

    /** What digests are computed over. */
    byte[] encoded() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(format);
            out.writeLong(id.getMostSignificantBits());
            out.writeLong(id.getLeastSignificantBits());
            out.writeLong(micros(began));
            out.writeLong(micros(ended));
            out.writeLong(times);
            write(out, facts.act());
            write(out, facts.actor());
            write(out, facts.onBehalfOf());
            write(out, facts.subject());
            write(out, facts.counterpart());
            write(out, facts.network());
            write(out, facts.protocol());
            write(out, facts.outcome());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is memory
        }
        return bytes.toByteArray();
    }

    /** The row for whoever reads it, {@code key=value}. */
    String line(long number) {
        StringBuilder line =
                new StringBuilder("number=").append(number).append(" at=").append(began);
        if (times > 1) {
            line.append(" until=").append(ended).append(" times=").append(times);
        }
        tell(line, "act", facts.act());
        tell(line, "actor", facts.actor());
        tell(line, "on-behalf-of", facts.onBehalfOf());
        tell(line, "subject", facts.subject());
        tell(line, "with", facts.counterpart());
        tell(line, "network", facts.network());
        tell(line, "protocol", facts.protocol());
        tell(line, "outcome", facts.outcome());
        return line.toString();
    }

    private static void tell(StringBuilder line, String name, @Nullable String value) {
        if (value != null) {
            boolean plain = value.chars().allMatch(it -> it > ' ' && it != '"' && it != '\\');
            line.append(' ').append(name).append('=');
            line.append(plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        }
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
