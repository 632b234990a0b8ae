package tg.gouv.messagerie.deploy.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tg.gouv.messagerie.deploy.command.ControlAnswer.Lines.Channel;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.imports.CsvText;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Problem;
import tg.gouv.messagerie.directory.letters.LetterSettings;
import tg.gouv.messagerie.directory.personal.PersonalFiles;

/** What is said and heard before a request is answered: content that comes, lines and figures that go. */
final class Conversation {
    /** As much of the content as comes at once. */
    static final int PART_MAX = 64 * 1024;

    /** So many lines are said together. */
    private static final int LINES_MAX = 200;

    /** The client at the other end. */
    interface Client {
        void say(ControlAnswer answer) throws IOException;

        int hear(ByteBuffer into) throws IOException;
    }

    private final Client client;
    private final Map<Channel, List<String>> waiting = new EnumMap<>(Channel.class);

    Conversation(Client client) {
        this.client = client;
    }

    /** Imports what the client sends. A client that goes away ends the import between two batches. */
    Imports.Report importFile(Imports imports, Imports.Order order) {
        say(new ControlAnswer.Send());
        try {
            Imports.Report report = imports.run(order, new Content(), new Told());
            waiting.keySet().forEach(this::flush);
            return report;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads everything of a kind out to the client. */
    long export(Imports imports, Imports.Kind kind) {
        long all = imports.export(kind, line -> line(Channel.EXPORT, line));
        flush(Channel.EXPORT);
        return all;
    }

    /** Says each code as soon as it is issued: there is no other way to it. */
    long codes(ActivationCodes codes, EntityCode entity, boolean again) {
        return codes.issueTo(
                entity,
                again,
                letter -> say(new ControlAnswer.Lines(
                        Channel.EXPORT,
                        List.of(CsvText.row(
                                List.of(
                                        letter.registrationNumber().orElse(""),
                                        letter.name(),
                                        letter.address().toString(),
                                        letter.service().code(),
                                        letter.issued().code().reveal(),
                                        letter.issued().expires().toString()),
                                ';')))));
    }

    /** The same codes, with what letters say. */
    long letters(ActivationCodes codes, LetterSettings settings, EntityCode entity, boolean again) {
        say(new ControlAnswer.LetterHead(settings));
        return codes.issueTo(
                entity,
                again,
                letter -> say(new ControlAnswer.LetterTo(
                        letter.registrationNumber(),
                        letter.name(),
                        letter.language(),
                        letter.address().toString(),
                        letter.service().code(),
                        letter.service().name(),
                        letter.service().letters(),
                        letter.issued().code().reveal(),
                        letter.issued().expires())));
    }

    /** Says a file as it is written, and returns its length. */
    long file(PersonalFiles.Content content) {
        Octets octets = new Octets();
        try (BufferedOutputStream parts = new BufferedOutputStream(octets, PART_MAX)) {
            content.write(parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.bytes;
    }

    private void line(Channel channel, String line) {
        List<String> lines = waiting.computeIfAbsent(channel, _ -> new ArrayList<>());
        lines.add(line);
        if (lines.size() >= LINES_MAX) {
            flush(channel);
        }
    }

    private void flush(Channel channel) {
        List<String> lines = waiting.getOrDefault(channel, List.of());
        if (!lines.isEmpty()) {
            say(new ControlAnswer.Lines(channel, List.copyOf(lines)));
            lines.clear();
        }
    }

    private void say(ControlAnswer answer) {
        try {
            client.say(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Octets for the client, a part at a time. */
    private final class Octets extends OutputStream {
        private long bytes;

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int length) throws IOException {
            for (int at = from; at < from + length; at += PART_MAX) {
                client.say(new ControlAnswer.Octets(
                        Arrays.copyOfRange(octets, at, Math.min(from + length, at + PART_MAX))));
            }
            bytes += length;
        }
    }

    /** Tells the client what an import does. */
    private final class Told implements Imports.Watch {
        @Override
        public void at(long done, long of) {
            say(new ControlAnswer.Advanced(done, of));
        }

        @Override
        public void change(String sentence) {
            line(Channel.CHANGE, sentence);
        }

        @Override
        public void problem(Problem problem, String sentence) {
            line(Channel.PROBLEM, sentence);
        }

        @Override
        public void refused(String line) {
            line(Channel.REFUSED, line);
        }
    }

    /** The content: parts with their length before them, one of no length at the end. */
    private final class Content extends InputStream {
        private ByteBuffer part = ByteBuffer.allocate(0);
        private boolean over;

        @Override
        public int read() throws IOException {
            return isAny() ? part.get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (!isAny()) {
                return -1;
            }
            int length = Math.min(most, part.remaining());
            part.get(into, from, length);
            return length;
        }

        private boolean isAny() throws IOException {
            if (!over && !part.hasRemaining()) {
                int length = whole(ByteBuffer.allocate(Integer.BYTES)).getInt();
                if (length < 0 || length > PART_MAX) {
                    throw new IOException("a part of " + length + " octets");
                }
                over = length == 0;
                part = whole(ByteBuffer.allocate(length));
            }
            return !over;
        }

        private ByteBuffer whole(ByteBuffer into) throws IOException {
            while (into.hasRemaining()) {
                if (client.hear(into) < 0) {
                    throw new ImportRefused(ImportRefused.Reason.FILE_CUT);
                }
            }
            return into.flip();
        }
    }
}
