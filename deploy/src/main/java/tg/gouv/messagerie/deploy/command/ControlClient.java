package tg.gouv.messagerie.deploy.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;

/** Asks the program that runs on a data directory. */
final class ControlClient {
    private final Path data;

    ControlClient(Path data) {
        this.data = data;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws Refusal if no program runs on the directory, it does not answer, or it does not do that for us
     */
    ControlAnswer ask(ControlRequest request) {
        if (!DataDirectory.isTaken(data)) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "control.nothing-runs", data);
        }
        try (ShortPath path = ShortPath.to(DataDirectory.socket(data));
                SocketChannel server = SocketChannel.open(path.address())) {
            Thread guard = closeWhenSilent(server, request.patience());
            ByteBuffer line = ByteBuffer.wrap((request.line() + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                server.write(line);
            }
            ControlAnswer answer = ControlAnswer.of(readAll(server));
            guard.interrupt();
            return answer;
        } catch (JsonProcessingException e) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "control.not-understood", data);
        } catch (IOException e) {
            throw new Refusal(
                    ExitStatus.TRY_AGAIN,
                    "control.silent",
                    data,
                    DataDirectory.lastHolder(data).map(String::valueOf).orElse("?"));
        }
    }

    /**
     * Asks a program that is ready.
     *
     * @param type what it answers
     * @throws Refusal also if it is starting or stopping
     */
    <A extends ControlAnswer.OfReady> A ask(ControlRequest.OfReady request, Class<A> type) {
        return ready(ask(request), type);
    }

    /**
     * Asks for what takes its time: sends content when it is asked for, and hears what goes before the answer.
     *
     * @param content what is sent
     * @param type what it answers
     */
    <A extends ControlAnswer.OfReady> A converse(
            ControlRequest.OfReady request, InputStream content, Consumer<ControlAnswer> heard, Class<A> type) {
        if (!DataDirectory.isTaken(data)) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "control.nothing-runs", data);
        }
        try (ShortPath path = ShortPath.to(DataDirectory.socket(data));
                SocketChannel server = SocketChannel.open(path.address())) {
            sendAll(server, ByteBuffer.wrap((request.line() + "\n").getBytes(StandardCharsets.UTF_8)));
            BufferedReader lines = new BufferedReader(Channels.newReader(server, StandardCharsets.UTF_8));
            Optional<ControlAnswer> last = Optional.empty();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ControlAnswer answer = ControlAnswer.of(line);
                switch (answer) {
                    case ControlAnswer.Send() -> sendContent(server, content);
                    case ControlAnswer.Lines _,
                            ControlAnswer.Advanced _,
                            ControlAnswer.Octets _,
                            ControlAnswer.LetterHead _,
                            ControlAnswer.LetterTo _ -> heard.accept(answer);
                    default -> last = Optional.of(answer);
                }
            }
            return ready(last.orElseThrow(() -> new EOFException("no answer")), type);
        } catch (JsonProcessingException e) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "control.not-understood", data);
        } catch (IOException e) {
            throw new Refusal(
                    ExitStatus.TRY_AGAIN,
                    "control.silent",
                    data,
                    DataDirectory.lastHolder(data).map(String::valueOf).orElse("?"));
        }
    }

    /** Parts with their length before them, and one of no length at the end: what is cut off is known to be. */
    private static void sendContent(SocketChannel server, InputStream content) throws IOException {
        byte[] part = new byte[Conversation.PART_MAX];
        int length;
        do {
            length = content.readNBytes(part, 0, part.length);
            ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + length)
                    .putInt(length)
                    .put(part, 0, length)
                    .flip();
            sendAll(server, framed);
        } while (length > 0);
    }

    private static void sendAll(SocketChannel server, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            server.write(bytes);
        }
    }

    private <A extends ControlAnswer.OfReady> A ready(ControlAnswer answer, Class<A> type) {
        return switch (answer) {
            case ControlAnswer.OfReady ready -> type.cast(ready);
            case ControlAnswer.Starting(long process) ->
                throw new Refusal(ExitStatus.TRY_AGAIN, "status.starting", data, String.valueOf(process));
            case ControlAnswer.Stopping(long process) ->
                throw new Refusal(ExitStatus.TRY_AGAIN, "status.stopping", data, String.valueOf(process));
            case ControlAnswer.Refused(String reason) ->
                throw new Refusal(
                        reason.equals("failed") ? ExitStatus.UNAVAILABLE : ExitStatus.NOT_PERMITTED,
                        "control.refused." + reason,
                        data);
            case ControlAnswer.Declined(String key, List<String> values) ->
                throw new Refusal(ExitStatus.DATA, key, values.toArray());
            case ControlAnswer.NotProvisioned(ProvisioningRefused.Reason reason, List<String> values) ->
                throw new ProvisioningRefused(reason, values.toArray());
            case ControlAnswer.NotImported(ImportRefused.Reason reason, List<String> values) ->
                throw new ImportRefused(reason, values.toArray());
            case ControlAnswer.Status _ -> throw new IllegalStateException("only status is answered by a status");
        };
    }

    /** A socket channel knows no time limit for reads: closing it ends them. */
    private static Thread closeWhenSilent(SocketChannel server, Duration patience) {
        return Thread.ofVirtual().start(() -> {
            try (server) {
                Thread.sleep(patience);
            } catch (InterruptedException | IOException e) {
                // Answered in time, or nothing left to close.
            }
        });
    }

    private static String readAll(SocketChannel server) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer some = ByteBuffer.allocate(64 * 1024);
        while (answer.size() < ControlAnswer.BYTES_MAX && server.read(some) >= 0) { // its end is the answer's
            answer.write(some.array(), 0, some.position());
            some.clear();
        }
        return answer.toString(StandardCharsets.UTF_8);
    }
}
