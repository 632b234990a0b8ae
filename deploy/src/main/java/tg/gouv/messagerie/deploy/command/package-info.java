/**
 * The command line, and the socket through which it reaches the running program.
 */
@NullMarked
package tg.gouv.messagerie.deploy.command;

import org.jspecify.annotations.NullMarked;
