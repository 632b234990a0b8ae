/**
 * The fictitious State of {@code up --demo}: who is in it, and the sheet that says how to connect. Reads and writes no file.
 */
@NullMarked
package tg.gouv.messagerie.deploy.demo;

import org.jspecify.annotations.NullMarked;
