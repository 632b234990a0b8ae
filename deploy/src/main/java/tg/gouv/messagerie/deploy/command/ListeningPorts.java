package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** The ports a program is about to listen on, looked at before anything starts, so that a refusal can say who is in the way. */
final class ListeningPorts {
    /** proc(5), {@code /proc/net/tcp}: the state of a socket that listens. */
    private static final String LISTENING = "0A";

    private ListeningPorts() {}

    /**
     * Makes sure that each of them can be listened on.
     *
     * @param endpoints by protocol; port 0 is always free
     * @throws Refusal if one is taken, forbidden, or on an address that this machine does not have
     */
    static void demandFree(Map<String, Endpoint> endpoints) {
        endpoints.forEach((protocol, endpoint) -> {
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()));
            } catch (BindException e) {
                throw refusal(protocol, endpoint, e);
            } catch (IOException e) {
                throw new Refusal(
                        ExitStatus.UNAVAILABLE,
                        "port.cannot-listen",
                        endpoint,
                        protocol,
                        String.valueOf(e.getMessage()));
            }
        });
    }

    private static Refusal refusal(String protocol, Endpoint endpoint, BindException e) {
        String reason = String.valueOf(e.getMessage());
        if (reason.contains("Permission denied")) {
            return new Refusal(ExitStatus.NOT_PERMITTED, "port.forbidden", String.valueOf(endpoint.port()), protocol);
        }
        if (reason.contains("Cannot assign")) {
            return new Refusal(ExitStatus.UNAVAILABLE, "port.no-such-address", endpoint.host(), protocol);
        }
        return new Refusal(
                ExitStatus.UNAVAILABLE,
                "port.taken",
                String.valueOf(endpoint.port()),
                protocol,
                holder(endpoint.port()).map(it -> " : " + it).orElse(""));
    }

    /** The process that listens on a port: {@code dovecot (pid 812)}; empty if it is not for us to see. */
    static Optional<String> holder(int port) {
        return inode("/proc/net/tcp", port)
                .or(() -> inode("/proc/net/tcp6", port))
                .flatMap(inode -> owner("socket:[" + inode + "]"));
    }

    private static Optional<String> inode(String table, int port) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        try (var lines = Files.lines(Path.of(table))) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(columns ->
                            columns.length > 9 && columns[1].endsWith(suffix) && columns[3].equals(LISTENING))
                    .map(columns -> columns[9])
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> owner(String socket) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, socket)) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(name + " (pid " + process.getFileName() + ")");
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // it ended meanwhile
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).toString().equals(socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // another user's process, or one that ended
        }
    }
}
