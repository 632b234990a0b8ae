package smoke;

import static client.Demo.demand;
import static java.util.Comparator.naturalOrder;

import client.Demo;
import client.Sheet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/*
 * Runs every command of the administrator's pages as they print it, with the JDK alone:
 *
 *     java deploy/smoke/Pages.java [PAGE…]
 *
 * from the repository's root, on JDK 25, after a build. A demonstration runs meanwhile, at the usual place of a user of its own. What
 * is run: each line « $ ./messagerie … » of a block ```console in docs/administrator/*.md, page by page, a page from its top. A
 * command ends with 0 unless the line ends in « # status N ». The person whom the pages name as sender has sent one mail before. Files
 * that the pages place below /etc, /srv, /tmp and /var/lib lie below a folder of this run, and the name of a backup there stands for
 * the last one made.
 */
/** The pages, kept true. */
final class Pages {
    private static final String SENDER = "akossiwa.mensah@gouv.tg";
    private static final Path FOLDER = Path.of("docs/administrator");
    private static final long COMMAND_ENDS_WITHIN_SECONDS = 120;

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```console\\R(.*?)^```");
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\$ (\\./messagerie (?:[^\\n]*\\\\\\n)*[^\\n]*)$");
    private static final Pattern STATUS = Pattern.compile("# status (\\d+)$");
    private static final Pattern PLACE = Pattern.compile("(?<![\\w/.])/(?:etc|srv|tmp|var/lib)/");
    private static final Pattern BACKUP = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d+Z");

    private final Path scratch;
    private final Map<String, String> environment;
    private int commands;

    private Pages(Path scratch, Map<String, String> environment) {
        this.scratch = scratch;
        this.environment = environment;
    }

    public static void main(String[] arguments) throws Exception {
        Path scratch = Files.createTempDirectory(Files.createDirectories(Path.of("deploy/target")), "pages")
                .toAbsolutePath();
        Files.setPosixFilePermissions(
                scratch, PosixFilePermissions.fromString("rwx--x--x")); // the user that PostgreSQL runs as passes through
        Map<String, String> environment = Map.of("XDG_STATE_HOME", scratch.resolve("state").toString(), "LANG", "fr_TG.UTF-8");
        try (Demo demo = new Demo(scratch.resolve("state/messagerie-demo"), Path.of("deploy/target/pages.log"))) {
            Sheet sheet = demo.up();
            FirstMail.submit(sheet, sheet.account(SENDER), sheet.person(0).address(), "Pour les pages");
            Pages pages = new Pages(scratch, environment);
            List<String> faults = new ArrayList<>();
            for (Path page : arguments.length > 0 ? Stream.of(arguments).map(Path::of).toList() : all()) {
                pages.run(page, faults);
            }
            demand(demo.run("down") == 0, "down failed");
            demand(pages.commands > 0, "no page has a command");
            faults.forEach(System.out::println);
            System.out.println(faults.isEmpty() ? "OK: " + pages.commands + " commands of the pages" : faults.size() + " faults");
            System.exit(faults.isEmpty() ? 0 : 1);
        }
    }

    private static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
    }

    private void run(Path page, List<String> faults) throws Exception {
        for (Matcher block = BLOCK.matcher(Files.readString(page)); block.find(); ) {
            for (Matcher command = COMMAND.matcher(block.group(1)); command.find(); ) {
                commands++;
                String line = command.group(1);
                Matcher status = STATUS.matcher(line);
                int wanted = status.find() ? Integer.parseInt(status.group(1)) : 0;
                int got = run(line);
                System.out.printf("%-14s %3d  %s%n", page.getFileName(), got, line);
                if (got != wanted) {
                    faults.add(page + ": « " + line + " » ended with " + got + ":\n"
                            + Files.readString(scratch.resolve("out")).indent(4));
                }
            }
        }
    }

    private int run(String line) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", here(line))
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("out").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        demand(process.waitFor(COMMAND_ENDS_WITHIN_SECONDS, TimeUnit.SECONDS), "« " + line + " » does not end");
        return process.exitValue();
    }

    /** The command with the places of this run. */
    private String here(String line) throws IOException {
        String placed = PLACE.matcher(line).replaceAll(it -> Matcher.quoteReplacement(scratch + it.group()));
        Path backups = scratch.resolve("srv/backups");
        Files.createDirectories(backups);
        Files.createDirectories(scratch.resolve("etc"));
        Files.createDirectories(scratch.resolve("var/lib"));
        Files.createDirectories(scratch.resolve("tmp"));
        return BACKUP.matcher(placed).replaceAll(it -> Matcher.quoteReplacement(last(backups, it.group())));
    }

    private static String last(Path folder, String otherwise) {
        try (Stream<Path> made = Files.list(folder)) {
            return made.map(it -> it.getFileName().toString()).max(naturalOrder()).orElse(otherwise);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
