package tg.gouv.messagerie.platform.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who runs PostgreSQL: this program's own user, or an unprivileged one when the program runs as root. */
sealed interface ServerUser {
    /** The program's own user. */
    record Same() implements ServerUser {
        @Override
        public List<String> command(List<String> command) {
            return command;
        }

        @Override
        public void own(Path path) {}

        @Override
        public Optional<Path> obstacle(Path folder) {
            return Optional.empty();
        }
    }

    /** A user without rights, of {@code /etc/passwd}; PostgreSQL refuses to run as root. */
    record Unprivileged(String name, int uid, int gid) implements ServerUser {
        @Override
        public List<String> command(List<String> command) {
            List<String> whole = new ArrayList<>(
                    List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--no-new-privs", "--"));
            whole.addAll(command);
            return whole;
        }

        @Override
        public void own(Path path) throws IOException {
            UserPrincipalLookupService names = path.getFileSystem().getUserPrincipalLookupService();
            PosixFileAttributeView view =
                    Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            GroupPrincipal group = names.lookupPrincipalByGroupName(String.valueOf(gid));
            view.setGroup(group);
            view.setOwner(names.lookupPrincipalByName(name));
        }

        @Override
        public Optional<Path> obstacle(Path folder) throws IOException {
            for (Path above = folder.getParent(); above != null; above = above.getParent()) {
                if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return Optional.of(above);
                }
            }
            return Optional.empty();
        }
    }

    /** The candidates when the settings name nobody, best first. */
    List<String> USUAL = List.of("messagerie", "postgres", "nobody");

    /** The command as this user runs it. */
    List<String> command(List<String> command);

    /** Gives a file or folder to this user. */
    void own(Path path) throws IOException;

    /** The nearest folder above this one that the user may not enter, if there is one. */
    Optional<Path> obstacle(Path folder) throws IOException;

    /**
     * Chooses the user for this process.
     *
     * @throws DatabaseRefused if the program runs as root and there is nobody to run PostgreSQL
     */
    static ServerUser choose(Optional<String> runAs) {
        if (effectiveUid() != 0) {
            return new Same();
        }
        List<String> candidates = runAs.map(List::of).orElse(USUAL);
        return candidates.stream()
                .flatMap(name -> unprivileged(name).stream())
                .findFirst()
                .orElseThrow(() -> new DatabaseRefused("PostgreSQL refuses to run as root, and /etc/passwd has no"
                        + " unprivileged user " + String.join(", ", candidates)
                        + ": start the program as another user, or name one in database.embedded.run-as."));
    }

    /** The user of this process, as the kernel numbers it. */
    static int effectiveUid() {
        return uid(Path.of("/proc/self"));
    }

    /** The user that owns a file, as the kernel numbers it. */
    static int uid(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Unprivileged> unprivileged(String name) {
        // passwd(5): name:password:UID:GID:comment:directory:shell
        try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"))) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length >= 4 && fields[0].equals(name) && !fields[2].equals("0"))
                    .map(fields -> new Unprivileged(name, Integer.parseInt(fields[2]), Integer.parseInt(fields[3])))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
