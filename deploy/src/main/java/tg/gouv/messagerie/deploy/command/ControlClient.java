package tg.gouv.messagerie.deploy.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        return switch (ask(request)) {
            case ControlAnswer.OfReady answer -> type.cast(answer);
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
