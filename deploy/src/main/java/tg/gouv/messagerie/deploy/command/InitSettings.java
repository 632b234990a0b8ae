package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Endpoint;

/**
 * The settings file with which a service begins: what it must say, each with its reason; everything else has a default.
 *
 * @param listen the address on which clients are served
 * @param databaseUrl of an external PostgreSQL
 */
record InitSettings(
        String host,
        Path data,
        String listen,
        Optional<String> databaseUrl,
        Optional<Path> databasePassword,
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<String> administrator) {
    /** The file's text. */
    String text() {
        return """
                # Réglages de Messagerie · Settings of Messagerie. « messagerie settings reference » explains every one;
                # « messagerie settings check » this file.

                # Everything that the program keeps on this machine: back it up.
                data = %s

                [database]
                %s
                [tls]
                %s
                [mail]
                # The name by which this server greets others; its address must resolve to it.
                host-name = %s
                # Mail for addresses outside of our domains: "refuse", until this server may send it.
                outside = "refuse"

                [mail.transfer]
                listen = %s

                [mail.submission]
                listen = %s
                listen-tls = %s

                [mail.imap]
                listen = %s
                listen-tls = %s

                [mail.managesieve]
                listen = %s

                [ldap]
                # The name below which the directory is, over LDAP: that of the first domain, such as dc=gouv,dc=tg for gouv.tg.
                %s
                listen = %s
                listen-tls = %s

                [http]
                listen = %s

                [jmap]
                # The address under which clients reach this server.
                public-url = %s

                [routes]
                # Whom the program tells what somebody must look at; « messagerie administrator code » begins their accounts.
                %s

                [audit]
                # A folder that another machine owns: without it, whoever is master of this machine could rewrite the trail.
                # heads-directory = "/mnt/audit"
                """.formatted(
                        quoted(data.toString()),
                        database(),
                        tls(),
                        quoted(host),
                        at(25),
                        at(587),
                        at(465),
                        at(143),
                        at(993),
                        at(4190),
                        base(),
                        at(389),
                        at(636),
                        at(443),
                        quoted("https://" + host),
                        administrator
                                .map(address -> "administrators = [" + quoted(address) + "]")
                                .orElse("# administrators = [\"prenom.nom@gouv.tg\"]"));
    }

    private String base() {
        return administrator
                .map(address -> "base = "
                        + quoted("dc="
                                + address.substring(address.lastIndexOf('@') + 1)
                                        .replace(".", ",dc=")))
                .orElse("# base = \"dc=gouv,dc=tg\"");
    }

    private String database() {
        StringBuilder lines = new StringBuilder();
        databaseUrl.ifPresent(url -> lines.append("url = ").append(quoted(url)).append('\n'));
        databasePassword.ifPresent(path -> lines.append("# A file that the program's user alone may read.\npassword = ")
                .append(quoted(path.toString()))
                .append('\n'));
        return lines.isEmpty()
                ? "# A private PostgreSQL, in the data directory; or url and password of another.\n"
                : lines.toString();
    }

    private String tls() {
        StringBuilder lines = new StringBuilder();
        certificate.ifPresent(path ->
                lines.append("certificate = ").append(quoted(path.toString())).append('\n'));
        key.ifPresent(
                path -> lines.append("key = ").append(quoted(path.toString())).append('\n'));
        return lines.isEmpty()
                ? "# A private authority, for a closed network; or certificate and key of a public one.\nnames = ["
                        + quoted(host) + "]\n"
                : lines.toString();
    }

    private String at(int port) {
        return quoted(new Endpoint(listen, port).toString());
    }

    /** A TOML string: a path may hold quotes and backslashes. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
